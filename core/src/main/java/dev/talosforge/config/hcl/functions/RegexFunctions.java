package dev.talosforge.config.hcl.functions;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Regular expressions in the syntax of RE2, which has no back-references and no lookaround, and therefore needs time in
 * proportion to the text.
 */
final class RegexFunctions {
    private static final long MAX_STEPS = 1_000_000_000;

    private RegexFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("regex(pattern, string)", RegexFunctions::regex),
                Function.of("regexall(pattern, string)", RegexFunctions::regexAll),
                Function.of("replace(str, substr, replace)", RegexFunctions::replace));
    }

    /** A text that limits how often it is read. */
    private record Bounded(String text, AtomicLong looks, int start, int end) implements CharSequence {
        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            if (looks.decrementAndGet() < 0) {
                throw new FunctionFailure(-1, "matching takes too long");
            }
            return text.charAt(start + index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Bounded(text, looks, start + from, start + to);
        }

        @Override
        public String toString() {
            return text.substring(start, end);
        }
    }

    private static Pattern compile(Arguments arguments, int index, String pattern) {
        String why = RegexSize.objection(pattern);
        if (why != null) {
            throw arguments.failure(index, why);
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw arguments.failure(
                    index, "it is not a regular expression: %s: %s".formatted(e.getDescription(), e.getPattern()));
        } catch (StackOverflowError e) {
            throw arguments.failure(index, "the regular expression is nested too deeply");
        }
    }

    /** Each access to the text costs a step for every place in the pattern at which a match may be. */
    static Matcher matcher(Pattern pattern, String text) {
        long looks = Math.max(MAX_STEPS / pattern.programSize(), 1000);
        return pattern.matcher(new Bounded(text, new AtomicLong(looks), 0, text.length()));
    }

    /** For {@code regex} and {@code regexall}, whose results have either names or positions. */
    private static Pattern capturing(Arguments arguments) {
        Pattern pattern = compile(arguments, 0, arguments.text(0));
        int named = pattern.namedGroups().size();
        if (named > 0 && named < pattern.groupCount()) {
            throw arguments.failure(0, "either all groups have names or none has");
        }
        return pattern;
    }

    private static Value regex(Arguments arguments) {
        Pattern pattern = capturing(arguments);
        Matcher matcher = matcher(pattern, arguments.text(1));
        if (!matcher.find()) {
            throw arguments.failure(1, "the regular expression does not match it");
        }
        return captured(pattern, matcher);
    }

    private static Value regexAll(Arguments arguments) {
        Pattern pattern = capturing(arguments);
        Matcher matcher = matcher(pattern, arguments.text(1));
        List<Value> found = new ArrayList<>();
        int end = -1;
        while (matcher.find()) {
            if (isRepeated(matcher, end, arguments.text(1))) {
                continue;
            }
            end = matcher.end();
            found.add(captured(pattern, matcher));
            if (found.size() > Budget.MAX_ITEMS) {
                throw arguments.failure("it would have more than %d items".formatted(Budget.MAX_ITEMS));
            }
        }
        return Value.list(found);
    }

    /** Whether the next match is empty and directly follows the previous one, or is within one character. */
    private static boolean isRepeated(Matcher matcher, int end, String text) {
        int start = matcher.start();
        if (start != matcher.end()) {
            return false;
        }
        boolean split = start > 0
                && start < text.length()
                && Character.isSurrogatePair(text.charAt(start - 1), text.charAt(start));
        return start == end || split;
    }

    private static Value captured(Pattern pattern, Matcher matcher) {
        if (matcher.groupCount() == 0) {
            return Value.of(matcher.group());
        }
        if (!pattern.namedGroups().isEmpty()) {
            SortedMap<String, Value> named = new TreeMap<>(Value.BY_CODE_POINT);
            pattern.namedGroups().forEach((name, number) -> named.put(name, group(matcher, number)));
            return Value.object(named);
        }
        List<Value> groups = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            groups.add(group(matcher, i));
        }
        return Value.tuple(groups);
    }

    private static Value group(Matcher matcher, int number) {
        String group = matcher.group(number);
        return group == null ? Value.ofNull() : Value.of(group);
    }

    /** A pattern between slashes is a regular expression, and the replacement may name its groups: {@code $1}. */
    private static Value replace(Arguments arguments) {
        String text = arguments.text(0);
        String searched = arguments.text(1);
        String replacement = arguments.text(2);
        if (searched.length() < 2 || !searched.startsWith("/") || !searched.endsWith("/")) {
            if ((long) text.length() * (replacement.length() + 1) > (long) Value.MAX_TEXT * 64) {
                throw arguments.failure("the result has more than %d characters".formatted(Value.MAX_TEXT));
            }
            return Value.of(searched.isEmpty() ? between(text, replacement) : text.replace(searched, replacement));
        }
        Pattern pattern = compile(arguments, 1, searched.substring(1, searched.length() - 1));
        Matcher matcher = matcher(pattern, text);
        StringBuilder out = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            if (isRepeated(matcher, end == 0 ? -1 : end, text)) {
                continue;
            }
            out.append(text, end, matcher.start());
            expand(replacement, pattern, matcher, out);
            end = matcher.end();
            if (out.length() > Value.MAX_TEXT) {
                throw arguments.failure("the result has more than %d characters".formatted(Value.MAX_TEXT));
            }
        }
        return Value.of(out.append(text, end, text.length()).toString());
    }

    /** Inserts in front of each character and at the end. */
    private static String between(String text, String added) {
        StringBuilder out = new StringBuilder(added);
        text.codePoints().forEach(c -> out.appendCodePoint(c).append(added));
        return out.toString();
    }

    private static void expand(String replacement, Pattern pattern, Matcher matcher, StringBuilder out) {
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            if (c != '$' || i + 1 == replacement.length()) {
                out.append(c);
                continue;
            }
            if (replacement.charAt(i + 1) == '$') {
                out.append('$');
                i++;
                continue;
            }
            boolean braces = replacement.charAt(i + 1) == '{';
            int start = braces ? i + 2 : i + 1;
            int end = start;
            while (end < replacement.length()
                    && (Character.isLetterOrDigit(replacement.charAt(end)) || replacement.charAt(end) == '_')) {
                end++;
            }
            if (end == start || (braces && (end == replacement.length() || replacement.charAt(end) != '}'))) {
                out.append(c);
                continue;
            }
            String name = replacement.substring(start, end);
            int number = name.matches("[0-9]{1,4}")
                    ? Integer.parseInt(name, 10)
                    : pattern.namedGroups().getOrDefault(name, -1);
            String group = number >= 0 && number <= matcher.groupCount() ? matcher.group(number) : null;
            out.append(group == null ? "" : group);
            i = braces ? end : end - 1;
        }
    }
}
