package dev.talosforge.pipeline;

import dev.talosforge.json.Json;
import dev.talosforge.problem.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How one unit of a run ended.
 *
 * @param unit its folder, from the folder that was asked about
 * @param outputs what was recorded; empty when it did not end well or is not ours
 * @param problems what stopped it; empty when nothing did
 * @param because why it was not run; null when it was
 * @param bug what was thrown when it was nobody's fault but ours
 */
public record UnitResult(
        String unit,
        Ending ending,
        SequencedMap<String, Json> outputs,
        List<Problem> problems,
        @Nullable String because,
        @Nullable Throwable bug) {
    public UnitResult {
        outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
        problems = List.copyOf(problems);
    }

    public enum Ending {
        APPLIED,
        /** Another tool's unit, or one without a stage: nothing to do for us. */
        NOT_OURS,
        SKIPPED,
        FAILED
    }
}
