package dev.talosforge.config;

import dev.talosforge.config.hcl.Value;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an evaluation depends on besides the files.
 *
 * @param command what is being done: {@code apply}, {@code plan}, {@code validate}, …
 * @param environment variables by name
 * @param overrides inputs that are set from outside and win over those of every unit which has such an input
 */
public record Settings(
        String command,
        SortedMap<String, String> environment,
        OutputsSource outputs,
        MockPolicy mocks,
        Programs programs,
        SortedMap<String, Value> overrides) {
    public Settings {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
    }

    /** For a look at a tree of which nothing was applied. */
    public static Settings validating(Map<String, String> environment) {
        return new Settings(
                "validate",
                new TreeMap<>(environment),
                OutputsSource.none(),
                MockPolicy.MOCKS_ALLOWED,
                Programs.refused(),
                new TreeMap<>());
    }

    /** For acting: recorded outputs and nothing in their place. */
    public static Settings applying(Map<String, String> environment, OutputsSource outputs, Programs programs) {
        return new Settings(
                "apply", new TreeMap<>(environment), outputs, MockPolicy.REAL_ONLY, programs, new TreeMap<>());
    }
}
