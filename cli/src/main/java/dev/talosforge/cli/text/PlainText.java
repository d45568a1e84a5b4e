package dev.talosforge.cli.text;

import dev.talosforge.bytes.NameBytes;

/**
 * Texts of others, for a terminal: names in manifests, file names, logs of builds, words of servers. What would move the
 * cursor, colour the screen, or turn the direction of what follows is written as {@code \\uHHHH}, which is what JSON
 * has for the same character, too: so a line of JSON says the same as before. A byte of a name that is no character is written
 * as {@code \\xHH}, which a shell's {@code printf} takes back.
 */
public final class PlainText {
    private PlainText() {}

    /** Several lines, as they are, of which nothing steers the terminal. */
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

    /** One line: what has line ends in it cannot pass for two. */
    static String line(String text) {
        return of(text).replace("\n", "\\n").replace("\t", "\\t");
    }

    /** Several lines, of which those behind the first are indented, so that none passes for one of ours. */
    public static String indented(String text) {
        return of(text.stripTrailing()).replace("\n", "\n         ");
    }

    private static boolean steers(char c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t') || turns(c);
    }

    /** Embeddings, overrides and isolates of the Unicode bidirectional algorithm; line ends that only some know. */
    private static boolean turns(char c) {
        return (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }
}
