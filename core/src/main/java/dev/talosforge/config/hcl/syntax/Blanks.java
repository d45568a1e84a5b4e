package dev.talosforge.config.hcl.syntax;

/** Blanks as strip marks and heredocs define them: all Unicode white space, including the no-break spaces. */
final class Blanks {
    private Blanks() {}

    static boolean isBlank(char c) {
        return switch (c) {
            case ' ', '\t', '\n', 0x0B, '\f', '\r', 0x85, 0xA0 -> true;
            default -> c > 0xFF && Character.isSpaceChar(c);
        };
    }

    static boolean only(String text) {
        return stripLeading(text).isEmpty();
    }

    static String stripLeading(String text) {
        int start = 0;
        while (start < text.length() && isBlank(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripTrailing(String text) {
        int end = text.length();
        while (end > 0 && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    static String strip(String text) {
        return stripTrailing(stripLeading(text));
    }
}
