package dev.talosforge.json;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes RFC 8259 text, token by token. Escapes only what must be escaped, so that each value has exactly one text. It
 * knows no values: those write themselves.
 */
final class JsonWriter {
    private static final int PART = 1 << 16;

    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;
    private final @Nullable Consumer<String> to;
    private int level;
    /** Whether nothing stands in the innermost object or array yet. */
    private boolean empty = true;

    private JsonWriter(boolean pretty, @Nullable Consumer<String> to) {
        this.pretty = pretty;
        this.to = to;
    }

    /** Without any blank. */
    static JsonWriter compact() {
        return new JsonWriter(false, null);
    }

    /** Two blanks a level. */
    static JsonWriter pretty() {
        return new JsonWriter(true, null);
    }

    /** Without any blank, handing over what there is whenever it is much; the rest is what {@link #text()} gives. */
    static JsonWriter inParts(Consumer<String> to) {
        return new JsonWriter(false, to);
    }

    /** What was written and not handed over. */
    String text() {
        return out.toString();
    }

    void begin(char bracket) {
        out.append(bracket);
        level++;
        empty = true;
    }

    void end(char bracket) {
        level--;
        if (pretty && !empty) {
            newLine();
        }
        out.append(bracket);
        empty = false;
    }

    /** To be called before each item of an array. */
    void item() {
        if (!empty) {
            out.append(',');
            if (to != null && out.length() > PART) {
                to.accept(out.toString());
                out.setLength(0);
            }
        }
        if (pretty) {
            newLine();
        }
        empty = false;
    }

    /** The name of a member, before its value. */
    void name(String name) {
        item();
        text(name);
        out.append(pretty ? ": " : ":");
    }

    private void newLine() {
        out.append('\n').repeat("  ", level);
    }

    void bool(boolean value) {
        out.append(value);
    }

    void nothing() {
        out.append("null");
    }

    void number(BigDecimal number) {
        out.append(number.scale() < -20 || number.scale() > 20 ? number.toString() : number.toPlainString());
    }

    void text(String text) {
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
