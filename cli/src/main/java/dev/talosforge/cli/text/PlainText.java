package dev.talosforge.cli.text;

import dev.talosforge.bytes.NameBytes;

/**
 * Escapes texts from elsewhere for a terminal: names in manifests, file names, build logs, answers of servers.
 * Characters that would move the cursor, colour the screen or change the direction of the following text are written
 * as {@code \\uHHHH}. JSON escapes the same character in this way, so that a line of JSON keeps its meaning. A byte of
 * a name that is not a character is written as {@code \\xHH}, which a shell's {@code printf} accepts.
 */
public final class PlainText {
    private PlainText() {}

    /** Several lines, unchanged except for characters that control the terminal. */
    static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (NameBytes.isByte(text, i)) {
                out.append("\\x%02x".formatted(c & 0xff));
                continue;
            }
            boolean lineEnd = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (steers(c)) {
                out.append(lineEnd ? "" : "\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** One line: a text with line ends cannot be mistaken for two lines. */
    static String line(String text) {
        return of(text).replace("\n", "\\n").replace("\t", "\\t");
    }

    /** Several lines, indented after the first, so that none can be mistaken for one of ours. */
    public static String indented(String text) {
        return of(text.stripTrailing()).replace("\n", "\n         ");
    }

    private static boolean steers(char c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t') || turns(c);
    }

    /**
     * Embeddings, overrides and isolates of the Unicode bidirectional algorithm; line ends that only some programs
     * know.
     */
    private static boolean turns(char c) {
        return (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }
}
