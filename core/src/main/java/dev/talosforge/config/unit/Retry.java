package dev.talosforge.config.unit;

import java.time.Duration;
import java.util.List;

/**
 * Failures after which a unit is tried again: a {@code retry} block in {@code errors}.
 *
 * @param errors regular expressions of which the first that is found decides; one that begins with {@code !} says that it
 *     is not tried again
 * @param attempts how often it is tried at most, the first time counted
 * @param pause before it is tried again
 */
public record Retry(String name, List<String> errors, int attempts, Duration pause) {
    public Retry {
        errors = List.copyOf(errors);
    }
}
