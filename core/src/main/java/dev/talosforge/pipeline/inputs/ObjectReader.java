package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.ValueReader;
import dev.talosforge.problem.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of an object that is a part of an input. A problem does not stop reading: it is reported with its
 * place, such as {@code sources[2].mode}, and an empty value or the default is returned.
 */
final class ObjectReader {
    private final InputReader in;
    private final String input;
    private final String at;
    private final SortedMap<String, Value> members;
    private final SortedSet<String> known = new TreeSet<>();

    private ObjectReader(InputReader in, String input, String at, SortedMap<String, Value> members) {
        this.in = in;
        this.input = input;
        this.at = at;
        this.members = members;
    }

    /** Null if the value is not an object, which is reported. */
    static @Nullable ObjectReader of(InputReader in, String input, String at, Value value) {
        if (value instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
            return new ObjectReader(in, input, at, members);
        }
        in.wrong(input, at, ValueReader.mismatch(value, "an object"), null);
        return null;
    }

    String at() {
        return at;
    }

    InputReader in() {
        return in;
    }

    /** Of all members that are there. */
    SortedSet<String> names() {
        return new TreeSet<>(members.keySet());
    }

    /** Asking does not mark it as known. */
    boolean has(String name) {
        return members.containsKey(name) && !(members.get(name) instanceof Value.Null);
    }

    @Nullable
    Value value(String name) {
        known.add(name);
        Value value = members.get(name);
        return value instanceof Value.Null ? null : value;
    }

    /** An object in it; null if it is missing, or is not an object, which is reported. */
    @Nullable
    ObjectReader object(String name) {
        Value value = value(name);
        return value == null ? null : of(in, input, at + "." + name, value);
    }

    /** Its items, each with its place as in {@link #at}; none if it is not a list, which is reported. */
    SequencedMap<String, Value> items(String name) {
        Value value = value(name);
        return value == null ? new TreeMap<>() : items(in, input, at + "." + name, value);
    }

    static SequencedMap<String, Value> items(InputReader in, String input, String at, Value value) {
        SequencedMap<String, Value> items = new java.util.LinkedHashMap<>();
        if (value instanceof Value.Sequence(var kind, List<Value> values) && kind != Value.Sequence.Kind.SET) {
            for (Value item : values) {
                items.put("%s[%d]".formatted(at, items.size()), item);
            }
        } else {
            in.wrong(input, at, ValueReader.mismatch(value, "a list"), null);
        }
        return items;
    }

    @Nullable
    String text(String name) {
        Value value = value(name);
        return value == null ? null : ValueReader.text(value, why -> wrong(name, why));
    }

    /** Empty if it is missing or empty, which is reported. */
    String required(String name) {
        String text = text(name);
        if (text == null && !has(name)) {
            wrong(name, "is missing");
        } else if (text != null && text.isEmpty()) {
            wrong(name, "is empty");
        }
        return text == null ? "" : text;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        items(name).forEach((place, item) -> {
            String text = ValueReader.text(item, why -> in.wrong(input, place, why, null));
            if (text != null && text.isEmpty()) {
                in.wrong(input, place, "is empty", null);
            } else if (text != null) {
                texts.add(text);
            }
        });
        return texts;
    }

    SortedMap<String, String> map(String name) {
        Value value = value(name);
        return value == null
                ? new TreeMap<>(Value.BY_CODE_POINT)
                : ValueReader.textMap(
                        value,
                        why -> wrong(name, why),
                        (key, member) -> wrong(
                                name, "has \"%s\", which is %s; expected text".formatted(key, member.kindName())));
    }

    boolean bool(String name, boolean otherwise) {
        Value value = value(name);
        return value == null ? otherwise : ValueReader.bool(value, otherwise, why -> wrong(name, why));
    }

    int whole(String name, int least, int most, int otherwise) {
        Value value = value(name);
        if (value == null) {
            return otherwise;
        }
        Long whole = ValueReader.asWhole(value, least, most);
        if (whole != null) {
            return Math.toIntExact(whole);
        }
        wrong(name, "must be a whole number from %d to %d".formatted(least, most));
        return otherwise;
    }

    void wrong(String name, String why) {
        wrong(name, why, null);
    }

    void wrong(String name, String why, @Nullable String remedy) {
        in.wrong(input, at + "." + name, why, remedy);
    }

    /** To be called after all members were read: reports unknown ones. */
    void finish() {
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                in.unknownMember(
                        input,
                        at + "." + name,
                        "is unknown here; known are " + String.join(", ", known),
                        NearestName.suggestion(name, known));
            }
        }
    }
}
