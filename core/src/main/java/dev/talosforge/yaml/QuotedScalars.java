package dev.talosforge.yaml;

import java.util.Locale;

/**
 * Writes texts as YAML scalars in the form of {@code yamlencode}: in double quotes, or as a literal block if they have
 * line ends, folded after column 80. Keeps what it wrote, because folding counts columns. Not thread-safe.
 */
public final class QuotedScalars {
    private static final int WIDTH = 80;

    private final StringBuilder out = new StringBuilder();
    private int lineStart;

    /** Appends text that is not a scalar. */
    public QuotedScalars append(String text) {
        out.append(text);
        return this;
    }

    public void endLine() {
        out.append('\n');
        lineStart = out.length();
    }

    /** In characters. */
    public int length() {
        return out.length();
    }

    /** Everything written so far. */
    public String text() {
        return out.toString();
    }

    /** A text on one line, whatever its length, without a line end. */
    public void onOneLine(String text) {
        quoted(text, -1);
    }

    /** Whether a text has several lines. */
    public static boolean hasBreak(String text) {
        return text.codePoints().anyMatch(QuotedScalars::isBreak);
    }

    /**
     * A text, and the line end after it.
     *
     * @param indent of continuation lines, in spaces
     */
    public void text(String text, int indent) {
        if (text.indexOf('\n') >= 0 && blockAllowed(text)) {
            literal(text, indent);
        } else {
            quoted(text, indent);
            endLine();
        }
    }

    /** A block cannot show trailing spaces or unprintable characters. */
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
     * @param indent spaces before continuation lines; -1 for a text that stays on one line
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

    /** As YAML 1.1 defines it, without characters beyond 16 bits. */
    private static boolean isPrintable(int c) {
        return c == '\n'
                || (c >= 0x20 && c <= 0x7E)
                || (c >= 0xA0 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
    }
}
