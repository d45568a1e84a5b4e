package dev.talosforge.config.unit;

import java.time.Duration;
import java.util.List;

/**
 * Failures after which a unit is tried again: a {@code retry} block in {@code errors}.
 *
 * @param errors regular expressions; the first one that matches decides; one that begins with {@code !} means that
 *     the unit is not tried again
 * @param attempts maximum number of attempts, including the first
 * @param pause before the next attempt
 */
public record Retry(String name, List<String> errors, int attempts, Duration pause) {
    public Retry {
        errors = List.copyOf(errors);
    }
}
