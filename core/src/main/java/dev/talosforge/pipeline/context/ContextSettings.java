package dev.talosforge.pipeline.context;

import dev.talosforge.engine.Events;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of contexts, as values that the caller has read; nothing here reads the process's environment.
 *
 * @param environment variables by name: proxies, credentials, endpoints, folders
 * @param directory that relative folders are in, absolute
 * @param user the user id of this process; null if the system has none
 * @param store the folder of blobs and results; null for the one that the environment names
 * @param fresh whether results of earlier runs are ignored
 * @param push whether images are pushed to registries
 * @param overwriteTags whether a tag may move away from an image that its unit did not publish
 * @param events receives what happens; thread-safe
 */
public record ContextSettings(
        SortedMap<String, String> environment,
        Path directory,
        @Nullable Long user,
        @Nullable Path store,
        boolean fresh,
        boolean push,
        boolean overwriteTags,
        Events events,
        InstantSource clock) {
    /** The last second of the formats' 32-bit fields, in 2106. */
    private static final long MAX_TIME = 0xffffffffL;

    public ContextSettings {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** Where blobs and results are kept. */
    public Path storeFolder() {
        if (store != null) {
            return directory.resolve(store);
        }
        String named = variable("TALOS_FORGE_STORE");
        if (named != null) {
            return directory.resolve(named);
        }
        String cache = variable("XDG_CACHE_HOME");
        return cache == null ? ofHome() : directory.resolve(Path.of(cache, "talos-forge"));
    }

    /** The default place. */
    Path ofHome() {
        return directory.resolve(Path.of(environment.getOrDefault("HOME", "."), ".cache", "talos-forge"));
    }

    /** Null where it is not set, or empty. */
    @Nullable
    String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The time of everything in an artifact; null if the environment does not set it. */
    @Nullable
    Long sourceDate() {
        String text = variable("SOURCE_DATE_EPOCH");
        if (text == null) {
            return null;
        }
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > MAX_TIME) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use SOURCE_DATE_EPOCH")
                    .because("\"%s\" is not a number of seconds from 0 to %d".formatted(text, MAX_TIME)));
        }
        return Long.parseLong(text);
    }
}
