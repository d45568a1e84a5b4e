package dev.talosforge.config.hcl.value;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** A value as JSON text, in the form of {@code jsonencode}: no blanks, members by name, and markup signs escaped. */
public final class ValueText {
    private static final String ESCAPED = "<>&\u2028\u2029";

    private final StringBuilder out = new StringBuilder();

    private ValueText() {}

    /** Values that are not known become null. More than 16 Mi characters throw an {@link ArithmeticException}. */
    public static String json(Value value) {
        ValueText text = new ValueText();
        text.append(value);
        return text.out.toString();
    }

    private void append(Value value) {
        if (out.length() > Value.MAX_TEXT) {
            throw new ArithmeticException("the text has more than %d characters".formatted(Value.MAX_TEXT));
        }
        switch (value) {
            case Value.Text(String text) -> quoted(text);
            case Value.Decimal(var number) -> out.append(number.toPlainString());
            case Value.Bool(boolean bool) -> out.append(bool);
            case Value.Null _, Value.Unknown _ -> out.append("null");
            case Value.Sequence(var _, List<Value> items) -> {
                out.append('[');
                for (Iterator<Value> i = items.iterator(); i.hasNext(); ) {
                    append(i.next());
                    out.append(i.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case Value.Mapping(var _, SortedMap<String, Value> members) -> {
                out.append('{');
                for (Iterator<Map.Entry<String, Value>> i = members.entrySet().iterator(); i.hasNext(); ) {
                    Map.Entry<String, Value> member = i.next();
                    quoted(member.getKey());
                    out.append(':');
                    append(member.getValue());
                    out.append(i.hasNext() ? "," : "");
                }
                out.append('}');
            }
        }
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || ESCAPED.indexOf(c) >= 0) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
