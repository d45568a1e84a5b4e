package dev.talosforge.format.tar;

/**
 * How much is taken from archives that came from outside.
 *
 * @param members of all archives together
 * @param contentBytes of all members of all archives together
 */
public record TarLimits(int members, long contentBytes) {
    /** A million files and 64 GiB: more than any image that is meant to boot a machine. */
    public static final TarLimits GENEROUS = new TarLimits(1_000_000, 64L << 30);

    public TarLimits {
        if (members < 0 || contentBytes < 0) {
            throw new IllegalArgumentException("limits are not negative: %d, %d".formatted(members, contentBytes));
        }
    }
}
