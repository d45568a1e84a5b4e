package dev.talosforge.config.unit;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Where;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a unit's state is kept.
 *
 * @param backend {@code local}, {@code s3}, …
 * @param config the backend's settings, by name
 * @param where it is declared
 * @param path where the setting {@code path} has its value; null if that is not in the text
 * @param generated whether Terragrunt writes the backend's block itself
 */
public record RemoteState(
        String backend,
        SequencedMap<String, Value> config,
        Where.Source where,
        Where.@Nullable Source path,
        boolean generated) {
    /** Whether it is a file on this machine. */
    public boolean isLocal() {
        return backend.equals("local");
    }
}
