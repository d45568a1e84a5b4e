package dev.talosforge.config;

import dev.talosforge.config.hcl.Value;
import dev.talosforge.config.hcl.ValueText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * A value as YAML text in the form of {@code yamlencode}: block style, texts and keys in quotes, keys by name, texts
 * with line ends as literal blocks, long ones folded behind column 80.
 */
public final class YamlText {
    private static final int WIDTH = 80;
    private static final int MAX_LENGTH = 16 << 20;

    /** A key beyond it, in bytes, does not stand on one line with its value. */
    private static final int MAX_SIMPLE_KEY = 128;

    private final StringBuilder out = new StringBuilder();
    private int lineStart;

    private YamlText() {}

    /** More than 16 Mi characters are an {@link ArithmeticException}. */
    public static String of(Value value) {
        YamlText text = new YamlText();
        text.append(value, 0, true);
        boolean plain = value instanceof Value.Decimal || value instanceof Value.Bool || value instanceof Value.Null;
        return text.out + (plain ? "...\n" : "");
    }

    /**
     * Writes a value and its final line's end.
     *
     * @param inline whether a collection may begin on the line that is being written: at the start and behind a dash
     */
    private void append(Value value, int level, boolean inline) {
        if (out.length() > MAX_LENGTH) {
            throw new ArithmeticException("the text has more than %d characters".formatted(MAX_LENGTH));
        }
        switch (value) {
            case Value.Sequence(var _, List<Value> items)
            when !items.isEmpty() -> {
                boolean first = inline;
                for (Value item : items) {
                    indent(level, first);
                    out.append("- ");
                    append(item, level + 1, true);
                    first = false;
                }
            }
            case Value.Mapping(var _, SortedMap<String, Value> members)
            when !members.isEmpty() -> {
                boolean first = inline;
                for (Map.Entry<String, Value> member : members.entrySet()) {
                    indent(level, first);
                    member(member.getKey(), member.getValue(), level);
                    first = false;
                }
            }
            case Value.Text(String text) -> text(text, level);
            case Value.Decimal _, Value.Bool _, Value.Null _, Value.Unknown _, Value.Sequence _, Value.Mapping _ -> {
                out.append(ValueText.json(value));
                endLine();
            }
        }
    }

    private void member(String key, Value value, int level) {
        if (key.codePoints().anyMatch(YamlText::isBreak)
                || key.getBytes(StandardCharsets.UTF_8).length > MAX_SIMPLE_KEY) {
            out.append("? ");
            text(key, level + 1);
            indent(level, false);
            out.append(": ");
            append(value, level + 1, true);
            return;
        }
        quoted(key, -1);
        out.append(':');
        switch (value) {
            case Value.Sequence(var _, List<Value> items)
            when !items.isEmpty() -> {
                endLine();
                append(value, level, false); // A list's dashes stand below the key.
            }
            case Value.Mapping(var _, SortedMap<String, Value> members)
            when !members.isEmpty() -> {
                endLine();
                append(value, level + 1, false);
            }
            case Value.Text _,
                    Value.Decimal _,
                    Value.Bool _,
                    Value.Null _,
                    Value.Unknown _,
                    Value.Sequence _,
                    Value.Mapping _ -> {
                out.append(' ');
                append(value, level + 1, true);
            }
        }
    }

    private void indent(int level, boolean alreadyThere) {
        if (!alreadyThere) {
            out.repeat("  ", level);
        }
    }

    private void endLine() {
        out.append('\n');
        lineStart = out.length();
    }

    private void text(String text, int level) {
        int indent = 2 * Math.max(1, level);
        if (text.indexOf('\n') >= 0 && blockAllowed(text)) {
            literal(text, indent);
        } else {
            quoted(text, indent);
            endLine();
        }
    }

    /** A block could not show blanks at a line's end, nor what does not print. */
    private static boolean blockAllowed(String text) {
        boolean blank = false;
        for (int c : text.codePoints().toArray()) {
            if (!isPrintable(c) || (blank && isBreak(c))) {
                return false;
            }
            blank = c == ' ';
        }
        return !blank;
    }

    private void literal(String text, int indent) {
        out.append('|').append(text.charAt(0) == ' ' || isBreak(text.charAt(0)) ? "2" : "");
        boolean ended = isBreak(text.charAt(text.length() - 1));
        boolean kept = ended && (text.length() == 1 || isBreak(text.charAt(text.length() - 2)));
        out.append(kept ? "+" : ended ? "" : "-");
        endLine();
        boolean atStart = true;
        for (int c : text.codePoints().toArray()) {
            if (atStart && !isBreak(c)) {
                out.repeat(" ", indent);
            }
            out.appendCodePoint(c);
            atStart = isBreak(c);
        }
        if (!ended) {
            out.append('\n');
        }
        lineStart = out.length();
    }

    /**
     * Between quotes.
     *
     * @param indent blanks in front of what goes on in the next line; -1 for a text that stays on one
     */
    private void quoted(String text, int indent) {
        int[] codePoints = text.codePoints().toArray();
        out.append('"');
        boolean blank = false;
        for (int i = 0; i < codePoints.length; i++) {
            int c = codePoints[i];
            boolean within = i > 0 && i < codePoints.length - 1;
            if (c == ' ' && indent >= 0 && !blank && within && column() > WIDTH) {
                endLine();
                out.repeat(" ", indent).append(codePoints[i + 1] == ' ' ? "\\" : "");
            } else if (isPrintable(c) && !isBreak(c) && c != '"' && c != '\\') {
                out.appendCodePoint(c);
            } else {
                out.append('\\').append(escape(c));
            }
            blank = c == ' ';
        }
        out.append('"');
    }

    private int column() {
        return out.codePointCount(lineStart, out.length());
    }

    private static String escape(int c) {
        return switch (c) {
            case 0x00 -> "0";
            case 0x07 -> "a";
            case 0x08 -> "b";
            case 0x09 -> "t";
            case 0x0A -> "n";
            case 0x0B -> "v";
            case 0x0C -> "f";
            case 0x0D -> "r";
            case 0x1B -> "e";
            case '"' -> "\"";
            case '\\' -> "\\";
            case 0x85 -> "N";
            case 0xA0 -> "_";
            case 0x2028 -> "L";
            case 0x2029 -> "P";
            default -> String.format(Locale.ROOT, c <= 0xFF ? "x%02X" : c <= 0xFFFF ? "u%04X" : "U%08X", c);
        };
    }

    private static boolean isBreak(int c) {
        return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** As YAML 1.1 has it, without what lies beyond 16 bits. */
    private static boolean isPrintable(int c) {
        return c == '\n'
                || (c >= 0x20 && c <= 0x7E)
                || (c >= 0xA0 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
    }
}
