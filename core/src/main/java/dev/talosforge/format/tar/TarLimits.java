package dev.talosforge.format.tar;

/**
 * Limits for archives from outside.
 *
 * @param members of all archives together
 * @param contentBytes of all members of all archives together
 */
public record TarLimits(int members, long contentBytes) {
    /** A million files and 64 GiB: more than any image meant to boot a machine. */
    public static final TarLimits GENEROUS = new TarLimits(1_000_000, 64L << 30);

    public TarLimits {
        if (members < 0 || contentBytes < 0) {
            throw new IllegalArgumentException("limits must not be negative: %d, %d".formatted(members, contentBytes));
        }
    }
}
