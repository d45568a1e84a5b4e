package dev.talosforge.json;

import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A JSON value. Immutable; objects keep the order of their members. */
public sealed interface Json {
    static Json ofNull() {
        return new JsonNull();
    }

    record JsonObject(SequencedMap<String, Json> members) implements Json {
        public JsonObject {
            members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
        }

        public @Nullable Json get(String name) {
            return members.get(name);
        }

        /** The member's text, or null if it is missing or not a string. */
        public @Nullable String text(String name) {
            return members.get(name) instanceof JsonText(String value) ? value : null;
        }

        /** The member as a whole number, or null if it is missing, not a whole number, or does not fit. */
        public @Nullable Long whole(String name) {
            if (members.get(name) instanceof JsonNumber(BigDecimal value)) {
                try {
                    return value.longValueExact();
                } catch (ArithmeticException e) {
                    return null;
                }
            }
            return null;
        }

        public @Nullable JsonObject object(String name) {
            return members.get(name) instanceof JsonObject value ? value : null;
        }

        /** The member's items; empty if the member is missing or not an array. */
        public List<Json> items(String name) {
            return members.get(name) instanceof JsonArray(List<Json> items) ? items : List.of();
        }

        /** A copy with one member added at the end or replaced in place. */
        public JsonObject with(String name, Json value) {
            SequencedMap<String, Json> changed = new LinkedHashMap<>(members);
            changed.put(name, value);
            return new JsonObject(changed);
        }
    }

    record JsonArray(List<Json> items) implements Json {
        public JsonArray {
            items = items instanceof LazyItems<?> ? items : List.copyOf(items);
        }
    }

    record JsonText(String value) implements Json {}

    record JsonNumber(BigDecimal value) implements Json {}

    record JsonBool(boolean value) implements Json {}

    record JsonNull() implements Json {}

    static Json of(@Nullable String text) {
        return text == null ? ofNull() : new JsonText(text);
    }

    static Json of(long number) {
        return new JsonNumber(BigDecimal.valueOf(number));
    }

    static Json of(boolean value) {
        return new JsonBool(value);
    }

    static Json ofTexts(List<String> texts) {
        return new JsonArray(texts.stream().map(Json::of).toList());
    }

    static <T> Json array(List<T> items, Function<T, ? extends Json> each) {
        return new JsonArray(items.stream().<Json>map(each).toList());
    }

    /** As {@link #array}, for items that no longer change; each value is created on access. */
    static <T> Json lazy(List<T> items, Function<T, ? extends Json> each) {
        return new JsonArray(new LazyItems<>(items, each));
    }

    /** A list of values that are created from something smaller, one at a time. */
    final class LazyItems<T> extends AbstractList<Json> implements RandomAccess {
        private final List<T> items;
        private final Function<T, ? extends Json> each;

        private LazyItems(List<T> items, Function<T, ? extends Json> each) {
            this.items = items;
            this.each = each;
        }

        @Override
        public Json get(int index) {
            return each.apply(items.get(index));
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    static Json ofMap(Map<String, String> texts) {
        Builder object = object();
        texts.forEach((name, text) -> object.put(name, of(text)));
        return object.build();
    }

    static Builder object() {
        return new Builder();
    }

    /** Builds an object with its members in insertion order. */
    final class Builder {
        private final SequencedMap<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, Json value) {
            members.put(name, value);
            return this;
        }

        public Builder put(String name, @Nullable String text) {
            return put(name, of(text));
        }

        public Builder put(String name, long number) {
            return put(name, of(number));
        }

        public Builder put(String name, boolean value) {
            return put(name, of(value));
        }

        /** Leaves the member out if the text is null. */
        public Builder putIfPresent(String name, @Nullable String text) {
            return text == null ? this : put(name, of(text));
        }

        public JsonObject build() {
            return new JsonObject(members);
        }
    }

    /** Without whitespace; the same value gives the same text. */
    default String compact() {
        JsonWriter out = JsonWriter.compact();
        write(this, out);
        return out.text();
    }

    /** The same, in parts: for values too long for one string. */
    default void compact(Consumer<String> to) {
        JsonWriter out = JsonWriter.inParts(to);
        write(this, out);
        to.accept(out.text());
    }

    /** Indented by two spaces per level, with a final newline. */
    default String pretty() {
        JsonWriter out = JsonWriter.pretty();
        write(this, out);
        return out.text() + '\n';
    }

    private static void write(Json value, JsonWriter out) {
        switch (value) {
            case JsonObject(var members) -> {
                out.begin('{');
                members.forEach((name, member) -> {
                    out.name(name);
                    write(member, out);
                });
                out.end('}');
            }
            case JsonArray(var items) -> {
                out.begin('[');
                for (Json item : items) {
                    out.item();
                    write(item, out);
                }
                out.end(']');
            }
            case JsonText(String text) -> out.text(text);
            case JsonNumber(BigDecimal number) -> out.number(number);
            case JsonBool(boolean bool) -> out.bool(bool);
            case JsonNull() -> out.nothing();
        }
    }

    /** The strings of an array, leaving out other values. */
    static List<String> texts(List<Json> items) {
        List<String> texts = new ArrayList<>();
        for (Json item : items) {
            if (item instanceof JsonText(String value)) {
                texts.add(value);
            }
        }
        return texts;
    }
}
