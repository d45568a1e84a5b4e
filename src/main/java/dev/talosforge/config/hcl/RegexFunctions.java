package dev.talosforge.config.hcl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions in the syntax of RE2, translated to Java's; matching is bounded, which RE2 has by itself. */
final class RegexFunctions {
    private RegexFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("regex", 2, 2, RegexFunctions::regex),
                Function.of("regexall", 2, 2, RegexFunctions::regexAll),
                Function.of("replace", 3, 3, RegexFunctions::replace));
    }

    /** A pattern, and its named groups with their numbers. */
    private record Compiled(Pattern pattern, SequencedMap<String, Integer> names) {
        Matcher matcher(String text) {
            return pattern.matcher(new Bounded(text, new AtomicInteger(), 0, text.length()));
        }
    }

    /** A text that may be looked at so often and no more. */
    private record Bounded(String text, AtomicInteger looks, int start, int end) implements CharSequence {
        private static final int MAX_LOOKS = 50_000_000;

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            if (looks.incrementAndGet() > MAX_LOOKS) {
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

    private static Compiled compile(Arguments arguments, int index, String pattern) {
        SequencedMap<String, Integer> names = new LinkedHashMap<>();
        try {
            return new Compiled(Pattern.compile(translate(pattern, names), Pattern.UNIX_LINES), names);
        } catch (PatternSyntaxException e) {
            throw arguments.failure(index, "it is not a regular expression: " + e.getDescription());
        } catch (StackOverflowError e) {
            throw arguments.failure(index, "the regular expression is nested too deeply");
        }
    }

    /** Named groups become numbered ones, as Java allows fewer names. */
    private static String translate(String pattern, SequencedMap<String, Integer> names) {
        StringBuilder out = new StringBuilder();
        boolean inClass = false;
        boolean multiline = pattern.matches("(?s).*\\(\\?[a-zA-Z]*m.*");
        int groups = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                out.append(c).append(pattern.charAt(++i));
            } else if (inClass) {
                if (c == '[' && pattern.startsWith("[:", i) && pattern.indexOf(":]", i) > 0) {
                    int end = pattern.indexOf(":]", i);
                    String name = pattern.substring(i + 2, end);
                    out.append(posix(name));
                    i = end + 1;
                } else {
                    inClass = c != ']' || pattern.charAt(i - 1) == '[' || pattern.startsWith("[^]", i - 2);
                    out.append(c == '[' || c == '&' ? "\\" : "")
                            .append(c == ']' && inClass ? "\\]" : String.valueOf(c));
                }
            } else if (c == '[') {
                inClass = true;
                out.append(c);
            } else if (c == '$' && !multiline) {
                out.append("\\z");
            } else if (c == '(') {
                int close = pattern.indexOf('>', i);
                boolean named = (pattern.startsWith("(?P<", i) || pattern.startsWith("(?<", i))
                        && close > 0
                        && !pattern.startsWith("(?<=", i)
                        && !pattern.startsWith("(?<!", i);
                if (named) {
                    names.put(pattern.substring(pattern.indexOf('<', i) + 1, close), ++groups);
                    i = close;
                } else if (!pattern.startsWith("(?", i)) {
                    groups++;
                }
                out.append(c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String posix(String name) {
        return switch (name) {
            case "alpha" -> "a-zA-Z";
            case "digit" -> "0-9";
            case "alnum" -> "a-zA-Z0-9";
            case "upper" -> "A-Z";
            case "lower" -> "a-z";
            case "space" -> "\\s";
            case "word" -> "\\w";
            case "xdigit" -> "0-9a-fA-F";
            case "punct" -> "\\p{Punct}";
            case "blank" -> " \\t";
            default -> "\\p{" + name + "}";
        };
    }

    private static boolean find(Arguments arguments, Matcher matcher) {
        try {
            return matcher.find();
        } catch (StackOverflowError e) {
            // Java matches groups that repeat by recursion; the text decides how deep.
            throw arguments.failure("the text is too long for this regular expression");
        }
    }

    private static Value regex(Arguments arguments) {
        Compiled compiled = compile(arguments, 0, arguments.text(0));
        Matcher matcher = compiled.matcher(arguments.text(1));
        if (!find(arguments, matcher)) {
            throw arguments.failure(1, "the regular expression does not match it");
        }
        return captured(compiled, matcher);
    }

    private static Value regexAll(Arguments arguments) {
        Compiled compiled = compile(arguments, 0, arguments.text(0));
        Matcher matcher = compiled.matcher(arguments.text(1));
        List<Value> found = new ArrayList<>();
        while (find(arguments, matcher)) {
            found.add(captured(compiled, matcher));
        }
        return Value.list(found);
    }

    private static Value captured(Compiled compiled, Matcher matcher) {
        if (matcher.groupCount() == 0) {
            return Value.of(matcher.group());
        }
        if (!compiled.names().isEmpty()) {
            SortedMap<String, Value> named = new TreeMap<>(Value.BY_CODE_POINT);
            for (Map.Entry<String, Integer> name : compiled.names().entrySet()) {
                named.put(name.getKey(), group(matcher, name.getValue()));
            }
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

    /** A pattern between slashes is a regular expression, whose groups the new text may name: {@code $1}. */
    private static Value replace(Arguments arguments) {
        String text = arguments.text(0);
        String searched = arguments.text(1);
        String replacement = arguments.text(2);
        if (searched.length() < 2 || !searched.startsWith("/") || !searched.endsWith("/")) {
            if ((long) text.length() * (replacement.length() + 1) > (long) Budget.MAX_TEXT * 64) {
                throw arguments.failure("the result has more than %d characters".formatted(Budget.MAX_TEXT));
            }
            return Value.of(text.replace(searched, replacement));
        }
        Compiled compiled = compile(arguments, 1, searched.substring(1, searched.length() - 1));
        Matcher matcher = compiled.matcher(text);
        StringBuilder out = new StringBuilder();
        int end = 0;
        while (find(arguments, matcher)) {
            out.append(text, end, matcher.start());
            expand(replacement, compiled, matcher, out);
            end = matcher.end();
            if (out.length() > Budget.MAX_TEXT) {
                throw arguments.failure("the result has more than %d characters".formatted(Budget.MAX_TEXT));
            }
        }
        return Value.of(out.append(text, end, text.length()).toString());
    }

    private static void expand(String replacement, Compiled compiled, Matcher matcher, StringBuilder out) {
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
                    : compiled.names().getOrDefault(name, -1);
            String group = number >= 0 && number <= matcher.groupCount() ? matcher.group(number) : null;
            out.append(group == null ? "" : group);
            i = braces ? end : end - 1;
        }
    }
}
