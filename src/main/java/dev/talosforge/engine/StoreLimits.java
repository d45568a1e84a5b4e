package dev.talosforge.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a store may hold. What is over a limit goes, the least recently used first.
 *
 * @param unused for how long something may lie there without being used; null for ever
 * @param size of all, in bytes; null for no limit
 */
public record StoreLimits(
        @Nullable Duration unused, @Nullable Long size) {
    /** Keeps what the applies of the last month used. */
    public static final Duration USUAL = Duration.ofDays(30);

    public static StoreLimits usual() {
        return new StoreLimits(USUAL, null);
    }
}
