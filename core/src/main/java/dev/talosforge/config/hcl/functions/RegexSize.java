package dev.talosforge.config.hcl.functions;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The size of a regular expression after its counted repetitions are expanded, as the engine does. */
final class RegexSize {
    /** The limit of the product of nested counts: {@code (a{10}){100}} has 1000. RE2's own limit. */
    private static final long MAX_REPEAT = 1000;

    private static final long MAX_SIZE = 50_000;
    private static final int MAX_LENGTH = 20_000;
    private static final int MAX_DEPTH = 200;
    private static final Pattern COUNT = Pattern.compile("\\{([0-9]{1,6})(?:,([0-9]{0,6}))?\\}");

    private RegexSize() {}

    /** What is open at a position: size and largest product of the group so far, and of its last part. */
    private static final class Group {
        private long size;
        private long repeat = 1;
        private long lastSize;
        private long lastRepeat = 1;

        void part(long partSize, long partRepeat) {
            size += partSize;
            lastSize = partSize;
            lastRepeat = partRepeat;
            repeat = Math.max(repeat, partRepeat);
        }

        void repeated(long count) {
            size += lastSize * Math.max(count - 1, 0);
            lastSize *= Math.max(count, 1);
            lastRepeat *= Math.max(count, 1);
            repeat = Math.max(repeat, lastRepeat);
        }
    }

    /** Why it is too big; null if it is not. Does not check its syntax. */
    static @Nullable String objection(String pattern) {
        if (pattern.length() > MAX_LENGTH) {
            return "the regular expression has more than %d characters".formatted(MAX_LENGTH);
        }
        Deque<Group> open = new ArrayDeque<>();
        open.push(new Group());
        Matcher count = COUNT.matcher(pattern);
        for (int i = 0; i < pattern.length(); i++) {
            Group group = open.element();
            switch (pattern.charAt(i)) {
                case '\\' -> {
                    if (i + 1 < pattern.length() && pattern.charAt(i + 1) >= 0x80) {
                        return "it is not a regular expression: %s cannot follow a backslash"
                                .formatted(Character.toString(pattern.codePointAt(i + 1)));
                    }
                    group.part(1, 1);
                    i++;
                }
                case '[' -> {
                    group.part(1, 1);
                    i = classEnd(pattern, i);
                }
                case '(' -> open.push(new Group());
                case ')' -> {
                    if (open.size() > 1) {
                        Group closed = open.pop();
                        open.element().part(closed.size + 2, closed.repeat);
                    }
                }
                case '{' -> {
                    if (count.region(i, pattern.length()).lookingAt()) {
                        group.repeated(Math.max(number(count.group(1)), number(count.group(2))));
                        i = count.end() - 1;
                    }
                }
                default -> group.part(1, 1);
            }
            String why = objection(open);
            if (why != null) {
                return why;
            }
        }
        return null;
    }

    private static @Nullable String objection(Deque<Group> open) {
        if (open.size() > MAX_DEPTH) {
            return "the regular expression is nested more than %d levels deep".formatted(MAX_DEPTH);
        }
        if (open.element().repeat > MAX_REPEAT) {
            return "the regular expression repeats something more than %d times".formatted(MAX_REPEAT);
        }
        return open.element().size > MAX_SIZE
                ? "the regular expression has more than %d parts when its repetitions are written out"
                        .formatted(MAX_SIZE)
                : null;
    }

    private static long number(@Nullable String digits) {
        return digits == null || digits.isEmpty() ? 0 : Long.parseLong(digits, 10);
    }

    private static int classEnd(String pattern, int start) {
        int i = start + 1;
        if (pattern.startsWith("^", i)) {
            i++;
        }
        if (pattern.startsWith("]", i)) {
            i++;
        }
        for (; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\') {
                i++;
            } else if (pattern.startsWith("[:", i) && pattern.indexOf(":]", i) > 0) {
                i = pattern.indexOf(":]", i) + 1;
            } else if (pattern.charAt(i) == ']') {
                return i;
            }
        }
        return pattern.length();
    }
}
