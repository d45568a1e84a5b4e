package dev.talosforge.net;

import java.time.Duration;

/**
 * When to try again, and after how long.
 *
 * @param attempts total number, at least one
 * @param first pause after the first failure; doubled after each further failure
 * @param longest upper limit of a pause, unless the server asks for a longer one with Retry-After
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
    public RetryPolicy {
        if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("a policy that never tries");
        }
    }

    /** Six attempts within about half a minute, unless the server asks for more. */
    public static RetryPolicy usual() {
        return new RetryPolicy(6, Duration.ofMillis(500), Duration.ofSeconds(60));
    }

    /**
     * The pause before the next attempt: between half of the exponential value and all of it.
     *
     * @param failures so far, from one
     * @param jitter from 0 to 1
     */
    public Duration pause(int failures, double jitter) {
        long full = Math.min(longest.toMillis(), first.toMillis() << Math.min(failures - 1, 20));
        return Duration.ofMillis(full / 2 + (long) (full / 2.0 * Math.clamp(jitter, 0, 1)));
    }

    /** Whether the same request may succeed later. */
    public static boolean isTransient(int status) {
        return switch (status) {
            case 408, 425, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }
}
