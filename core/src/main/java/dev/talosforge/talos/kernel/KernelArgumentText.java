package dev.talosforge.talos.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which texts reach the kernel unchanged, whatever starts it: others are rejected, never changed. */
public final class KernelArgumentText {
    /** Latin-1's non-breaking space as a byte: the kernel splits arguments at it, even in the middle of a character. */
    private static final byte LATIN_SPACE = (byte) 0xa0;

    private KernelArgumentText() {}

    /**
     * What is wrong with an argument.
     *
     * @param why what it contains, and what would happen to it
     */
    public record Refusal(String why, String remedy) {}

    /** Without surrounding blanks and line ends, such as the one that ends a heredoc or a file. */
    public static String trimmed(String argument) {
        int start = 0;
        int end = argument.length();
        while (start < end && KernelLine.isBlank(argument.charAt(start))) {
            start++;
        }
        while (end > start && KernelLine.isBlank(argument.charAt(end - 1))) {
            end--;
        }
        return argument.substring(start, end);
    }

    /**
     * Why an argument cannot be passed on; null if it can.
     *
     * @param argument trimmed
     * @param grub whether GRUB is among those that start the kernel
     */
    public static @Nullable Refusal refusal(String argument, boolean grub) {
        for (int i = 0; i < argument.length(); i += Character.charCount(argument.codePointAt(i))) {
            Refusal refusal = ofCharacter(argument.codePointAt(i));
            if (refusal != null) {
                return refusal;
            }
        }
        return ofQuotes(argument, grub);
    }

    private static @Nullable Refusal ofCharacter(int c) {
        String name = name(c);
        if (c == '\n' || c == '\r') {
            return new Refusal(
                    "contains a line break (%s), where GRUB ends its command".formatted(name),
                    "write each argument as a separate item: compact(split(\"\\n\", TEXT)) makes items of lines");
        }
        if (Character.isISOControl(c)) {
            return new Refusal(
                    "contains the control character %s, which BIOS and UEFI treat differently".formatted(name),
                    c == '\t' ? "write a blank, or each argument as a separate item" : "remove it");
        }
        if (c != ' ' && (Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            return new Refusal(
                    "contains the space %s, which some readers of the command line take for a blank".formatted(name),
                    "write a plain blank");
        }
        if (c > 0xffff || Character.getType(c) == Character.SURROGATE) {
            return new Refusal(
                    "contains the character %s, which UEFI drops".formatted(name), "write it in another way");
        }
        if (Character.getType(c) == Character.FORMAT || !Character.isDefined(c)) {
            return new Refusal("contains the invisible character %s".formatted(name), "remove it");
        }
        for (byte b : Character.toString(c).getBytes(UTF_8)) {
            if (b == LATIN_SPACE) {
                return new Refusal(
                        "contains the character %s, in which the kernel sees a blank (byte a0)".formatted(name),
                        "write it in another way");
            }
        }
        return null;
    }

    private static @Nullable Refusal ofQuotes(String argument, boolean grub) {
        if (argument.chars().filter(c -> c == '"').count() % 2 != 0) {
            return new Refusal(
                    "has a double quote that is not closed; the kernel takes everything after it for one argument",
                    "close it, or remove it");
        }
        List<String> words = KernelLine.of(argument).words();
        if (grub && words.stream().anyMatch(word -> KernelLine.bare(word) == null)) {
            return new Refusal(
                    "has a double quote inside a word; GRUB puts a backslash before it",
                    "quote the whole value: NAME=\"VALUE WITH BLANKS\"");
        }
        if (grub && argument.indexOf('\'') >= 0) {
            return new Refusal(
                    "has a single quote; GRUB puts a backslash before it",
                    "remove it: the kernel only knows double quotes, NAME=\"VALUE WITH BLANKS\"");
        }
        if (grub && argument.indexOf('\\') >= 0) {
            return new Refusal("has a backslash; GRUB puts another one before it", "write it in another way");
        }
        return null;
    }

    /** An argument on one line of a message, with invisible characters escaped and passwords of URLs removed. */
    public static String shown(String argument) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < argument.length(); i += Character.charCount(argument.codePointAt(i))) {
            int c = argument.codePointAt(i);
            shown.append(escaped(c));
        }
        return KernelArgument.shown(shown.toString());
    }

    private static String escaped(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c == ' ' || isVisible(c) ? Character.toString(c) : "\\u%04x".formatted(c);
        };
    }

    private static boolean isVisible(int c) {
        int type = Character.getType(c);
        return !Character.isISOControl(c)
                && !Character.isSpaceChar(c)
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && Character.isDefined(c);
    }

    private static String name(int c) {
        return switch (c) {
            case 0 -> "NUL";
            case '\t' -> "TAB";
            case '\n' -> "LF";
            case '\r' -> "CR";
            case 0x1b -> "ESC";
            default -> "U+%04X".formatted(c);
        };
    }
}
