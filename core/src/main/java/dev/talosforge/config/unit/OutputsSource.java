package dev.talosforge.config.unit;

import dev.talosforge.config.hcl.value.Value;
import java.nio.file.Path;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Knows what units gave out when they were last applied. */
@FunctionalInterface
public interface OutputsSource {
    /** Nothing was ever applied. */
    static OutputsSource none() {
        return (_, _) -> null;
    }

    /**
     * The outputs by name, or null when nothing is recorded.
     *
     * @param unit the unit's folder, absolute
     * @param home where the unit keeps its state
     */
    @Nullable
    SortedMap<String, Value> outputs(Path unit, StateHome home);
}
