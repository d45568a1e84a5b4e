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
 * Converts a value to the needed type, as the language does. A mismatch is reported to the caller, who knows what the
 * value belongs to, in words that follow "it": {@code is a list, expected text}.
 */
public final class ValueReader {
    private ValueReader() {}

    /** Receives an item or a member that does not fit. */
    public interface WrongPart<K> {
        void report(K part, Value value);
    }

    /** The message for a value of another kind. */
    public static String mismatch(Value value, String expected) {
        return "is %s, expected %s".formatted(value.kindName(), expected);
    }

    /** The text that a value is or becomes; null if it does not convert. */
    public static @Nullable String asText(Value value) {
        return Type.Simple.TEXT.convert(value) instanceof Value.Text(String text) ? text : null;
    }

    /** Null if it is not text, which is reported. */
    public static @Nullable String text(Value value, Consumer<String> wrong) {
        String text = asText(value);
        if (text == null) {
            wrong.accept(mismatch(value, "text"));
        }
        return text;
    }

    /** The default if it is not a bool, which is reported. */
    public static boolean bool(Value value, boolean otherwise, Consumer<String> wrong) {
        if (Type.Simple.BOOL.convert(value) instanceof Value.Bool(boolean bool)) {
            return bool;
        }
        wrong.accept(mismatch(value, "true or false"));
        return otherwise;
    }

    /** Null if it does not convert. */
    public static @Nullable BigDecimal asNumber(Value value) {
        return Type.Simple.NUMBER.convert(value) instanceof Value.Decimal(BigDecimal number) ? number : null;
    }

    /** A whole number in the given range, both ends included; null if it is not one. */
    public static @Nullable Long asWhole(Value value, long least, long most) {
        BigDecimal number = asNumber(value);
        return number != null
                        && number.scale() <= 0
                        && number.compareTo(BigDecimal.valueOf(least)) >= 0
                        && number.compareTo(BigDecimal.valueOf(most)) <= 0
                ? (Long) number.longValueExact()
                : null;
    }

    /** The items that are or become text; the others are reported by their numbers. */
    public static List<String> texts(List<Value> items, WrongPart<Integer> wrong) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String text = asText(items.get(i));
            if (text != null) {
                texts.add(text);
            } else {
                wrong.report(i, items.get(i));
            }
        }
        return texts;
    }

    /** The members that are or become text; the others are reported by their names. Empty if it is not a map. */
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
                wrongMember.report(key, member);
            }
        });
        return texts;
    }
}
