package dev.talosforge.config.unit;

import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a value what is wanted, converting it as the language does. What does not fit is told to the caller, who knows
 * what the value is of, in words that go behind "it": {@code is a list, text was expected}.
 */
public final class ValueReader {
    private ValueReader() {}

    /** To be told of an item or a member that does not fit. */
    public interface WrongPart<K> {
        void tell(K part, Value value);
    }

    /** How it is told that a value is of another kind. */
    public static String mismatch(Value value, String expected) {
        return "is %s, %s was expected".formatted(value.kindName(), expected);
    }

    /** The text that a value is or becomes; null where it becomes none. */
    public static @Nullable String asText(Value value) {
        return Type.Simple.TEXT.convert(value) instanceof Value.Text(String text) ? text : null;
    }

    /** Null where it is none, which is said. */
    public static @Nullable String text(Value value, Consumer<String> wrong) {
        String text = asText(value);
        if (text == null) {
            wrong.accept(mismatch(value, "text"));
        }
        return text;
    }

    /** The default where it is none, which is said. */
    public static boolean bool(Value value, boolean otherwise, Consumer<String> wrong) {
        if (Type.Simple.BOOL.convert(value) instanceof Value.Bool(boolean bool)) {
            return bool;
        }
        wrong.accept(mismatch(value, "true or false"));
        return otherwise;
    }

    /** Null where it becomes none. */
    public static @Nullable BigDecimal asNumber(Value value) {
        return Type.Simple.NUMBER.convert(value) instanceof Value.Decimal(BigDecimal number) ? number : null;
    }

    /** A whole number in the range given, both ends included; null where it is none. */
    public static @Nullable Long asWhole(Value value, long least, long most) {
        BigDecimal number = asNumber(value);
        return number != null
                        && number.scale() <= 0
                        && number.compareTo(BigDecimal.valueOf(least)) >= 0
                        && number.compareTo(BigDecimal.valueOf(most)) <= 0
                ? (Long) number.longValueExact()
                : null;
    }

    /** The items that are text, or become it; the others are told by their numbers. */
    public static List<String> texts(List<Value> items, WrongPart<Integer> wrong) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String text = asText(items.get(i));
            if (text != null) {
                texts.add(text);
            } else {
                wrong.tell(i, items.get(i));
            }
        }
        return texts;
    }

    /** The members that are text, or become it; the others are told by their names. Empty where it is no map. */
    public static SortedMap<String, String> textMap(
            Value value, Consumer<String> wrong, WrongPart<String> wrongMember) {
        SortedMap<String, String> texts = new TreeMap<>(Value.BY_CODE_POINT);
        if (!(value instanceof Value.Mapping(var _, SortedMap<String, Value> members))) {
            wrong.accept(mismatch(value, "a map of texts"));
            return texts;
        }
        members.forEach((key, member) -> {
            String text = asText(member);
            if (text != null) {
                texts.put(key, text);
            } else {
                wrongMember.tell(key, member);
            }
        });
        return texts;
    }
}
