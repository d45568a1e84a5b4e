package dev.talosforge.json;

import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonBool;
import dev.talosforge.json.Json.JsonNull;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes RFC 8259 text. Escapes only what must be escaped, so that each value has exactly one text. */
final class JsonWriter {
    private static final int PART = 1 << 16;

    private JsonWriter() {}

    static void compact(StringBuilder out, Json value) {
        compact(out, value, null);
    }

    /** Flushes whenever enough text has collected; the rest stays in {@code out}. */
    static void compact(StringBuilder out, Json value, @Nullable Consumer<String> to) {
        switch (value) {
            case JsonObject(var members) -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    out.append(separator);
                    text(out, member.getKey());
                    out.append(':');
                    compact(out, member.getValue(), to);
                    separator = ",";
                }
                out.append('}');
            }
            case JsonArray(var items) -> {
                out.append('[');
                String separator = "";
                for (Json item : items) {
                    out.append(separator);
                    compact(out, item, to);
                    separator = ",";
                    if (to != null && out.length() > PART) {
                        to.accept(out.toString());
                        out.setLength(0);
                    }
                }
                out.append(']');
            }
            default -> scalar(out, value);
        }
    }

    static void pretty(StringBuilder out, Json value, int level) {
        switch (value) {
            case JsonObject(var members)
            when !members.isEmpty() -> {
                out.append("{\n");
                for (Iterator<Map.Entry<String, Json>> i = members.entrySet().iterator(); i.hasNext(); ) {
                    Map.Entry<String, Json> member = i.next();
                    indent(out, level + 1);
                    text(out, member.getKey());
                    out.append(": ");
                    pretty(out, member.getValue(), level + 1);
                    out.append(i.hasNext() ? ",\n" : "\n");
                }
                indent(out, level).append('}');
            }
            case JsonArray(var items)
            when !items.isEmpty() -> {
                out.append("[\n");
                for (Iterator<Json> i = items.iterator(); i.hasNext(); ) {
                    indent(out, level + 1);
                    pretty(out, i.next(), level + 1);
                    out.append(i.hasNext() ? ",\n" : "\n");
                }
                indent(out, level).append(']');
            }
            default -> compact(out, value);
        }
    }

    private static StringBuilder indent(StringBuilder out, int level) {
        return out.repeat("  ", level);
    }

    private static void scalar(StringBuilder out, Json value) {
        switch (value) {
            case JsonText(String text) -> text(out, text);
            case JsonNumber(var number) ->
                out.append(number.scale() < -20 || number.scale() > 20 ? number.toString() : number.toPlainString());
            case JsonBool(boolean bool) -> out.append(bool);
            case JsonNull() -> out.append("null");
            case JsonObject ignored -> throw new IllegalStateException("not a scalar");
            case JsonArray ignored -> throw new IllegalStateException("not a scalar");
        }
    }

    private static void text(StringBuilder out, String text) {
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
                    if (c < 0x20 || (Character.isSurrogate(c) && !paired(text, i))) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean paired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
