package dev.talosforge.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a store. Whatever is over a limit is removed, least recently used first.
 *
 * @param unused how long an item may stay unused; null for no limit
 * @param size total size in bytes; null for no limit
 */
public record StoreLimits(
        @Nullable Duration unused, @Nullable Long size) {
    /** Keeps everything that applies of the last month used. */
    public static final Duration USUAL = Duration.ofDays(30);

    public static StoreLimits usual() {
        return new StoreLimits(USUAL, null);
    }
}
