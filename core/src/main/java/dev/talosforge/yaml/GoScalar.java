package dev.talosforge.yaml;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes text as a YAML scalar in a block mapping, as Go's yaml library does: plain if possible, a literal block for
 * several lines, in double quotes if it would be read as something else, otherwise in single quotes.
 */
public final class GoScalar {
    /** What a reader would not read as text, including the older booleans and numbers in base 60. */
    private static final Pattern OTHER_TYPE = Pattern.compile(String.join(
            "|",
            "~|null|Null|NULL|<<",
            "true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF",
            "[-+]?(?:\\.inf|\\.Inf|\\.INF)|\\.nan|\\.NaN|\\.NAN",
            "[-+]?(?:\\.[0-9][0-9_]*|[0-9][0-9_]*(?:\\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?",
            "[-+]?0(?:b[01_]+|o[0-7_]+|x[0-9a-fA-F_]+)",
            "[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?",
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?"));

    private static final String NEVER_FIRST = "#,[]{}&*!|>'\"%@`";
    private static final String NOT_FIRST_BEFORE_BLANK = "-?:";
    private static final List<String> MARKERS = List.of("---", "...");

    private GoScalar() {}

    /**
     * The scalar, without a newline at its end.
     *
     * @param blockIndent column of the lines of a literal block
     */
    public static String of(String text, int blockIndent) {
        if (text.isEmpty() || OTHER_TYPE.matcher(text).matches()) {
            return doubleQuoted(text);
        }
        if (text.indexOf('\n') >= 0) {
            return blockFits(text) ? block(text, blockIndent) : doubleQuoted(text);
        }
        if (!isPrintable(text) || text.indexOf('\t') >= 0) {
            return doubleQuoted(text);
        }
        return isPlain(text) ? text : "'" + text.replace("'", "''") + "'";
    }

    private static boolean isPlain(String text) {
        char first = text.charAt(0);
        if (text.startsWith(" ") || text.endsWith(" ") || NEVER_FIRST.indexOf(first) >= 0) {
            return false;
        }
        boolean blankFollows = text.length() == 1 || text.charAt(1) == ' ';
        if (blankFollows && NOT_FIRST_BEFORE_BLANK.indexOf(first) >= 0) {
            return false;
        }
        return !text.contains(": ")
                && !text.endsWith(":")
                && !text.contains(" #")
                && MARKERS.stream().noneMatch(text::startsWith);
    }

    /** A literal block can hold everything except unprintable characters and trailing spaces. */
    private static boolean blockFits(String text) {
        return isPrintable(text.replace("\n", "")) && !text.contains(" \n") && !text.endsWith(" ");
    }

    private static String block(String text, int indent) {
        StringBuilder out = new StringBuilder("|");
        if (text.startsWith(" ") || text.startsWith("\n")) {
            out.append(4); // the indentation cannot be told from the first line
        }
        String content = text;
        if (!text.endsWith("\n")) {
            out.append('-');
        } else {
            content = text.substring(0, text.length() - 1);
            if (content.endsWith("\n") || content.isEmpty()) {
                out.append('+');
            }
        }
        for (String line : content.split("\n", -1)) {
            out.append('\n');
            if (!line.isEmpty()) {
                out.append(" ".repeat(indent)).append(line);
            }
        }
        return out.toString();
    }

    private static boolean isPrintable(String text) {
        return text.codePoints()
                .allMatch(c -> c == '\t'
                        || (c >= 0x20 && c <= 0x7e)
                        || (c >= 0xa0 && c != 0x2028 && c != 0x2029 && c != 0xfeff && !isSurrogate(c) && c < 0xfffe)
                        || (c >= 0x10000 && c <= 0x10ffff));
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= 0xd800 && codePoint <= 0xdfff;
    }

    private static String doubleQuoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (isPrintable(Character.toString(c))) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(c < 0x100 ? "\\x%02X".formatted(c) : "\\u%04X".formatted(c));
                    }
                }
            }
        });
        return out.append('"').toString();
    }
}
