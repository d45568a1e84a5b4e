package dev.talosforge.config.hcl.syntax;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A character that is not part of the language but looks like one that is: word processors, web pages and chats insert
 * such characters into copied text.
 *
 * @param name what it is, with its number
 * @param remedy what to write instead
 */
record OddCharacter(String name, String remedy) {
    private static final String DOUBLE_QUOTES = "write texts in straight double quotes: \"…\"";

    /** Null for a character that is simply not expected. */
    static @Nullable OddCharacter of(int character) {
        return switch (character) {
            case '\'' -> new OddCharacter("a single quote", DOUBLE_QUOTES);
            case '`', '´' -> of("an accent", character, DOUBLE_QUOTES);
            case 0x2018,
                    0x2019,
                    0x201A,
                    0x201B,
                    0x201C,
                    0x201D,
                    0x201E,
                    0x201F,
                    0x2032,
                    0x2033,
                    0xAB,
                    0xBB,
                    0x2039,
                    0x203A,
                    0xFF02,
                    0xFF07 -> of("a typographic quote", character, DOUBLE_QUOTES);
            case 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFF0D ->
                of("a typographic dash", character, "write a plain one: -");
            case 0x2026 -> of("an ellipsis", character, "write three periods: ...");
            case 0xA0, 0x202F -> of("a no-break space", character, "replace it with a plain space");
            case 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD ->
                of("a zero-width character", character, "delete it: it cannot be seen");
            case ';' -> new OddCharacter("a semicolon", "leave it out: each line ends by itself");
            default -> byKind(character);
        };
    }

    private static @Nullable OddCharacter byKind(int character) {
        if (Character.isSpaceChar(character) && character != ' ') {
            return of("a space of another width", character, "replace it with a plain space");
        }
        if (character >= 0xFF01 && character <= 0xFF5E) {
            return of("a full-width character", character, "write: " + (char) (character - 0xFEE0));
        }
        return Character.isISOControl(character) && "\0\t\r\n".indexOf(character) < 0
                ? of("a control character", character, "delete it: it cannot be seen")
                : null;
    }

    private static OddCharacter of(String name, int character, String remedy) {
        return new OddCharacter("%s (U+%s)".formatted(name, number(character)), remedy);
    }

    private static String number(int character) {
        return String.format(Locale.ROOT, "%04X", character);
    }
}
