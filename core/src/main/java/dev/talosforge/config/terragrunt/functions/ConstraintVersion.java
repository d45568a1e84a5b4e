package dev.talosforge.config.terragrunt.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version as {@code constraint_check} compares it.
 *
 * @param numbers at least three, padded with zeros
 * @param given how many of them were written
 * @param preRelease what follows the dash; empty if there is none
 */
record ConstraintVersion(List<Long> numbers, int given, String preRelease) implements Comparable<ConstraintVersion> {
    private static final String TEXT =
            "v?(\\d{1,9}(?:\\.\\d{1,9}){0,9})(?:-([0-9A-Za-z.~-]{1,100}))?(?:\\+[0-9A-Za-z.~-]{1,100})?";
    private static final Pattern VERSION = Pattern.compile(TEXT);

    ConstraintVersion {
        numbers = List.copyOf(numbers);
    }

    /** Null if it is not a version. */
    static @Nullable ConstraintVersion parse(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        List<Long> numbers = new ArrayList<>();
        for (String number : matcher.group(1).split("\\.", -1)) {
            numbers.add(Long.valueOf(number));
        }
        int given = numbers.size();
        while (numbers.size() < 3) {
            numbers.add(0L);
        }
        return new ConstraintVersion(numbers, given, matcher.group(2) == null ? "" : matcher.group(2));
    }

    @Override
    public int compareTo(ConstraintVersion other) {
        int order = compareNumbers(other);
        if (order != 0 || preRelease.equals(other.preRelease)) {
            return order;
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return preRelease.isEmpty() ? 1 : -1;
        }
        String[] left = preRelease.split("\\.", -1);
        String[] right = other.preRelease.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int part = comparePart(left[i], right[i]);
            if (part != 0) {
                return part;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private int compareNumbers(ConstraintVersion other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = Long.compare(number(i), other.number(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private long number(int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }

    /** Numbers sort before words. */
    private static int comparePart(String a, String b) {
        boolean first = a.matches("\\d{1,18}");
        boolean second = b.matches("\\d{1,18}");
        if (first && second) {
            return Long.compare(Long.parseLong(a), Long.parseLong(b));
        }
        return first == second ? a.compareTo(b) : first ? -1 : 1;
    }

    /** One comparison, such as {@code >= 1.2} or {@code ~> 1.2.0}. */
    record Constraint(String operator, ConstraintVersion bound) {
        private static final Pattern CONSTRAINT = Pattern.compile("\\s*(=|!=|>=|<=|>|<|~>|)\\s*(" + TEXT + ")\\s*");

        static @Nullable Constraint parse(String text) {
            Matcher matcher = CONSTRAINT.matcher(text);
            ConstraintVersion bound = matcher.matches() ? ConstraintVersion.parse(matcher.group(2)) : null;
            return bound == null ? null : new Constraint(matcher.group(1), bound);
        }

        boolean holds(ConstraintVersion version) {
            int order = version.compareTo(bound);
            return switch (operator) {
                case "!=" -> order != 0;
                case ">" -> comparable(version) && order > 0;
                case ">=" -> comparable(version) && order >= 0;
                case "<" -> comparable(version) && order < 0;
                case "<=" -> comparable(version) && order <= 0;
                case "~>" -> comparable(version) && order >= 0 && within(version);
                default -> order == 0;
            };
        }

        /** A pre-release satisfies only a bound that is a pre-release of the same version. */
        private boolean comparable(ConstraintVersion version) {
            return version.preRelease.isEmpty() || (!bound.preRelease.isEmpty() && version.compareNumbers(bound) == 0);
        }

        /** Only the last number that was written may grow. */
        private boolean within(ConstraintVersion version) {
            if (!bound.preRelease.isEmpty() && version.preRelease.isEmpty()) {
                return false;
            }
            for (int i = 0; i < bound.given - 1; i++) {
                if (version.number(i) != bound.number(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
