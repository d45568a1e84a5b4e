package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Value;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Texts. */
final class StringFunctions {
    private StringFunctions() {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>(List.of(
                Function.of("lower(str)", a -> Value.of(mapped(a.text(0), Character::toLowerCase))),
                Function.of("upper(str)", a -> Value.of(mapped(a.text(0), Character::toUpperCase))),
                Function.of("title(str)", a -> Value.of(title(a.text(0)))),
                Function.of("join(separator, lists...)", StringFunctions::join),
                Function.of("split(separator, str)", StringFunctions::split),
                Function.of("substr(str, offset, length)", StringFunctions::substring),
                Function.of(
                        "strrev(str)",
                        a -> Value.of(String.join("", characters(a.text(0)).reversed()))),
                Function.of("startswith(str, prefix)", a -> Value.of(a.text(0).startsWith(a.text(1)))),
                Function.of("endswith(str, suffix)", a -> Value.of(a.text(0).endsWith(a.text(1)))),
                Function.of("strcontains(str, substr)", a -> Value.of(a.text(0).contains(a.text(1)))),
                Function.of(
                        "indent(spaces, str)",
                        a -> Value.of(a.text(1).replace("\n", "\n" + " ".repeat(a.whole(0, 0, 10_000))))),
                Function.of("chomp(str)", a -> Value.of(chomp(a.text(0))))));
        functions.addAll(List.of(
                Function.of("trim(str, cutset)", a -> Value.of(trim(a.text(0), a.text(1)))),
                Function.of("trimspace(str)", a -> Value.of(trimSpace(a.text(0)))),
                Function.of(
                        "trimprefix(str, prefix)",
                        a -> Value.of(
                                a.text(0).startsWith(a.text(1))
                                        ? a.text(0).substring(a.text(1).length())
                                        : a.text(0))),
                Function.of(
                        "trimsuffix(str, suffix)",
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

    /** What a reader sees as one character each: Unicode grapheme clusters. */
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

    /** Letter by letter, so that the number of letters stays the same. */
    private static String mapped(String text, IntUnaryOperator mapping) {
        return text.codePoints()
                .map(mapping)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean wordStart = true;
        for (int c : text.codePoints().toArray()) {
            titled.appendCodePoint(wordStart ? Character.toTitleCase(c) : c);
            wordStart = separates(c);
        }
        return titled.toString();
    }

    /** Whether a word may begin after it: all ASCII except letters, digits and _, otherwise only white space. */
    private static boolean separates(int c) {
        return c < 0x80 ? !Character.isLetterOrDigit(c) && c != '_' : !Character.isLetterOrDigit(c) && isSpace(c);
    }

    /** Unicode's property White_Space. */
    private static boolean isSpace(int c) {
        return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
    }

    private static String trimSpace(String text) {
        int[] codePoints = text.codePoints().toArray();
        int start = 0;
        int end = codePoints.length;
        while (start < end && isSpace(codePoints[start])) {
            start++;
        }
        while (end > start && isSpace(codePoints[end - 1])) {
            end--;
        }
        return new String(codePoints, start, end - start);
    }

    private static Value join(Arguments arguments) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            texts.addAll(arguments.texts(i));
        }
        long length = texts.stream().mapToLong(String::length).sum()
                + (long) arguments.text(0).length() * texts.size();
        if (length > Value.MAX_TEXT) {
            throw arguments.failure("the result has more than %d characters".formatted(Value.MAX_TEXT));
        }
        return Value.of(String.join(arguments.text(0), texts));
    }

    private static Value split(Arguments arguments) {
        String separator = arguments.text(0);
        String text = arguments.text(1);
        List<String> parts = new ArrayList<>();
        if (separator.isEmpty()) {
            return Value.listOfTexts(
                    text.codePoints().mapToObj(Character::toString).toList());
        }
        int start = 0;
        for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
            parts.add(text.substring(start, end));
            start = end + separator.length();
        }
        parts.add(text.substring(start));
        return Value.listOfTexts(parts);
    }

    /** After a negative offset, a length of zero means "to the end", as in the language's own function. */
    private static Value substring(Arguments arguments) {
        List<String> characters = characters(arguments.text(0));
        long offset = arguments.wholeLong(1);
        long length = arguments.wholeLong(2);
        if (length == 0 && offset >= 0) {
            return Value.of("");
        }
        int start = (int) Math.clamp(offset < 0 ? characters.size() + offset : offset, 0L, characters.size());
        int end =
                length <= 0 ? characters.size() : (int) Math.min(characters.size(), start + Math.min(length, 1L << 40));
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
