package dev.talosforge.talos;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of Talos Linux.
 *
 * <p>Parsed leniently, as the imager does: the leading {@code v} and the minor and patch numbers may be missing.
 * Pre-release and build are kept in the text only: {@code v1.10.0-alpha.1} has everything that 1.10.0 has.
 *
 * @param text as the user wrote it, with its {@code v}
 */
public record TalosVersion(String text, int major, int minor, int patch) {
    private static final Pattern SHAPE = Pattern.compile(
            "v?(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\.(\\d{1,6}))?(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?");

    /** A length that tags, labels and file names made of it can hold. */
    private static final int MAX_LENGTH = 100;

    /** The version, or null if the text is not one. */
    public static @Nullable TalosVersion parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (text.length() > MAX_LENGTH || !matcher.matches()) {
            return null;
        }
        return new TalosVersion(
                text, Integer.parseInt(matcher.group(1)), number(matcher.group(2)), number(matcher.group(3)));
    }

    /** Compared by major, minor and patch number. */
    public boolean atLeast(int otherMajor, int otherMinor, int otherPatch) {
        return core().compareTo(new Core(otherMajor, otherMinor, otherPatch)) >= 0;
    }

    public Core core() {
        return new Core(major, minor, patch);
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** What versions are compared by. */
    public record Core(int major, int minor, int patch) implements Comparable<Core> {
        @Override
        public int compareTo(Core other) {
            int byMajor = Integer.compare(major, other.major);
            int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
            return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
        }

        @Override
        public String toString() {
            return "%d.%d.%d".formatted(major, minor, patch);
        }
    }
}
