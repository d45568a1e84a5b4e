package dev.talosforge.talos.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kernel command line as the kernel splits it: at blanks outside double quotes. It knows neither backslashes nor
 * single quotes. Quotes around a word or around the value after its first {@code =} are not part of it.
 *
 * <p>Specification: {@code next_arg} in Linux {@code lib/cmdline.c}.
 *
 * @param words as they are on the line, quotes included
 */
public record KernelLine(List<String> words) {
    /** Of a line, in bytes: {@code COMMAND_LINE_SIZE} is 2048 on x86 and arm64, and a NUL ends the line. */
    public static final int MAX_BYTES = 2047;

    public KernelLine {
        words = List.copyOf(words);
    }

    public static KernelLine of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (isBlank(c) && !quoted) {
                add(words, word);
            } else {
                quoted ^= c == '"';
                word.append(c);
            }
        }
        add(words, word);
        return new KernelLine(words);
    }

    private static void add(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** What the kernel and GRUB take for a blank, and what else a text file would. */
    static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** One blank between words, and each word in the one form that every boot loader passes on unchanged. */
    public static String canonical(String line) {
        return String.join(
                " ",
                of(line).words.stream()
                        .map(KernelLine::canonicalWord)
                        .filter(word -> !word.isEmpty())
                        .toList());
    }

    private static String canonicalWord(String word) {
        String bare = bare(word);
        return bare == null ? word : bare.indexOf(' ') < 0 ? bare : "\"" + bare + "\"";
    }

    /** A word without the quotes that the kernel removes; null if quotes remain inside. */
    public static @Nullable String bare(String word) {
        String bare = word;
        int value = word.indexOf('=') + 1;
        if (isQuoted(word, 0)) {
            bare = word.substring(1, word.length() - 1);
        } else if (value > 0 && isQuoted(word, value)) {
            bare = word.substring(0, value) + word.substring(value + 1, word.length() - 1);
        }
        return bare.indexOf('"') < 0 ? bare : null;
    }

    private static boolean isQuoted(String word, int from) {
        return word.length() > from + 1 && word.charAt(from) == '"' && word.endsWith("\"");
    }

    /** Its length for the kernel. */
    public static int bytes(String line) {
        return line.getBytes(UTF_8).length;
    }

    /**
     * The words that a kernel of its limit gets: a boot loader drops the first one that is too much, and all after it.
     */
    static String cut(List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (bytes(longer) > MAX_BYTES) {
                break;
            }
            line.setLength(0);
            line.append(longer);
        }
        return line.toString();
    }
}
