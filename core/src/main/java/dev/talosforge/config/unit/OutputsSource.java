package dev.talosforge.config.unit;

import dev.talosforge.config.hcl.value.Value;
import java.nio.file.Path;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Provides the outputs that units recorded when they were last applied. */
@FunctionalInterface
public interface OutputsSource {
    /** A source for trees where nothing was ever applied. */
    static OutputsSource none() {
        return (_, _) -> null;
    }

    /**
     * The outputs by name, or null if none are recorded.
     *
     * @param unit the unit's folder, absolute
     * @param home where the unit keeps its state
     */
    @Nullable
    SortedMap<String, Value> outputs(Path unit, StateHome home);
}
