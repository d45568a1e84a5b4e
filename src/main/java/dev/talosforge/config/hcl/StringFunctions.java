package dev.talosforge.config.hcl;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Texts. */
final class StringFunctions {
    private StringFunctions() {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>(List.of(
                Function.of("lower", 1, 1, a -> Value.of(a.text(0).toLowerCase(Locale.ROOT))),
                Function.of("upper", 1, 1, a -> Value.of(a.text(0).toUpperCase(Locale.ROOT))),
                Function.of("title", 1, 1, a -> Value.of(title(a.text(0)))),
                Function.of("join", 1, Function.ANY_NUMBER, StringFunctions::join),
                Function.of("split", 2, 2, StringFunctions::split),
                Function.of("substr", 3, 3, StringFunctions::substring),
                Function.of(
                        "strrev",
                        1,
                        1,
                        a -> Value.of(String.join("", characters(a.text(0)).reversed()))),
                Function.of("startswith", 2, 2, a -> Value.of(a.text(0).startsWith(a.text(1)))),
                Function.of("endswith", 2, 2, a -> Value.of(a.text(0).endsWith(a.text(1)))),
                Function.of("strcontains", 2, 2, a -> Value.of(a.text(0).contains(a.text(1)))),
                Function.of(
                        "indent",
                        2,
                        2,
                        a -> Value.of(a.text(1).replace("\n", "\n" + " ".repeat(a.whole(0, 0, 10_000))))),
                Function.of("chomp", 1, 1, a -> Value.of(chomp(a.text(0))))));
        functions.addAll(List.of(
                Function.of("trim", 2, 2, a -> Value.of(trim(a.text(0), a.text(1)))),
                Function.of("trimspace", 1, 1, a -> Value.of(a.text(0).strip())),
                Function.of(
                        "trimprefix",
                        2,
                        2,
                        a -> Value.of(
                                a.text(0).startsWith(a.text(1))
                                        ? a.text(0).substring(a.text(1).length())
                                        : a.text(0))),
                Function.of(
                        "trimsuffix",
                        2,
                        2,
                        a -> Value.of(
                                a.text(0).endsWith(a.text(1))
                                        ? a.text(0)
                                                .substring(
                                                        0,
                                                        a.text(0).length()
                                                                - a.text(1).length())
                                        : a.text(0)))));
        return functions;
    }

    /** What a reader takes for one character each, as in a Unicode grapheme cluster. */
    static List<String> characters(String text) {
        if (text.chars().allMatch(c -> c < 0x80 && c != '\r')) {
            return text.chars().mapToObj(Character::toString).toList();
        }
        BreakIterator breaks = BreakIterator.getCharacterInstance(Locale.ROOT);
        breaks.setText(text);
        List<String> characters = new ArrayList<>();
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
            characters.add(text.substring(start, end));
        }
        return characters;
    }

    private static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean wordStart = true;
        for (int c : text.codePoints().toArray()) {
            titled.appendCodePoint(wordStart ? Character.toTitleCase(c) : c);
            wordStart = !Character.isLetterOrDigit(c) && c != '_' && c != '\'';
        }
        return titled.toString();
    }

    private static Value join(Arguments arguments) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            texts.addAll(arguments.texts(i));
        }
        long length = texts.stream().mapToLong(String::length).sum()
                + (long) arguments.text(0).length() * texts.size();
        if (length > Budget.MAX_TEXT) {
            throw arguments.failure("the result has more than %d characters".formatted(Budget.MAX_TEXT));
        }
        return Value.of(String.join(arguments.text(0), texts));
    }

    private static Value split(Arguments arguments) {
        String separator = arguments.text(0);
        String text = arguments.text(1);
        List<String> parts = new ArrayList<>();
        if (separator.isEmpty()) {
            return Value.listOfTexts(characters(text));
        }
        int start = 0;
        for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
            parts.add(text.substring(start, end));
            start = end + separator.length();
        }
        parts.add(text.substring(start));
        return Value.listOfTexts(parts);
    }

    private static Value substring(Arguments arguments) {
        List<String> characters = characters(arguments.text(0));
        int offset = arguments.whole(1, Integer.MIN_VALUE, Integer.MAX_VALUE);
        int length = arguments.whole(2, -1, Integer.MAX_VALUE);
        int start = (int) Math.clamp(offset < 0 ? (long) characters.size() + offset : offset, 0L, characters.size());
        int end = length < 0 ? characters.size() : (int) Math.min(characters.size(), (long) start + length);
        return Value.of(String.join("", characters.subList(start, end)));
    }

    private static String chomp(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }

    private static String trim(String text, String cutSet) {
        int[] codePoints = text.codePoints().toArray();
        int start = 0;
        int end = codePoints.length;
        while (start < end && cutSet.indexOf(codePoints[start]) >= 0) {
            start++;
        }
        while (end > start && cutSet.indexOf(codePoints[end - 1]) >= 0) {
            end--;
        }
        int[] kept = Arrays.copyOfRange(codePoints, start, end);
        return new String(kept, 0, kept.length);
    }
}
