package dev.talosforge.pipeline.inputs;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version by Semantic Versioning 2.0.0, with or without a {@code v} before it.
 *
 * @param prefix {@code v}, or nothing
 * @param preRelease the text after the first hyphen; empty for a release
 */
public record SemanticVersion(String prefix, long major, long minor, long patch, String preRelease)
        implements Comparable<SemanticVersion> {
    private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
    private static final Pattern FORM =
            Pattern.compile("(v?)" + NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-([0-9A-Za-z.-]{1,100}))?");

    /** Null if it is not a version, or has build metadata, which a tag cannot have. */
    public static @Nullable SemanticVersion parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? new SemanticVersion(
                        parts.group(1),
                        Long.parseLong(parts.group(2)),
                        Long.parseLong(parts.group(3)),
                        Long.parseLong(parts.group(4)),
                        parts.group(5) == null ? "" : parts.group(5))
                : null;
    }

    /**
     * Tags that name the newest release of a minor and of a major version; 0.x versions promise nothing to each other.
     */
    public List<String> movingTags() {
        if (!preRelease.isEmpty()) {
            return List.of();
        }
        String minorTag = "%s%d.%d".formatted(prefix, major, minor);
        return major == 0 ? List.of(minorTag) : List.of(minorTag, prefix + major);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return "%s%d.%d.%d%s".formatted(prefix, major, minor, patch, preRelease.isEmpty() ? "" : "-" + preRelease);
    }

    /** By precedence (section 11); the prefix does not count. */
    @Override
    public int compareTo(SemanticVersion other) {
        int numbers = Comparator.comparingLong(SemanticVersion::major)
                .thenComparingLong(SemanticVersion::minor)
                .thenComparingLong(SemanticVersion::patch)
                .compare(this, other);
        return numbers != 0 ? numbers : compare(preRelease, other.preRelease);
    }

    private static int compare(String one, String other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Boolean.compare(one.isEmpty(), other.isEmpty());
        }
        String[] left = one.split("\\.", -1);
        String[] right = other.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = identifiers(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int identifiers(String left, String right) {
        boolean leftNumber = left.matches("[0-9]+");
        boolean rightNumber = right.matches("[0-9]+");
        if (leftNumber && rightNumber) {
            return new java.math.BigInteger(left).compareTo(new java.math.BigInteger(right));
        }
        return leftNumber == rightNumber ? left.compareTo(right) : leftNumber ? -1 : 1;
    }
}
