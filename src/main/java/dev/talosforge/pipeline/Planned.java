package dev.talosforge.pipeline;

import dev.talosforge.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit's plan, or why there is none.
 *
 * @param unit its folder, from the folder that was asked about
 * @param plan null when it cannot be told
 * @param problems what stops it; empty when nothing does
 * @param bug what was thrown when it was nobody's fault but ours
 */
public record Planned(
        String unit,
        @Nullable StagePlan plan,
        List<Problem> problems,
        @Nullable Throwable bug) {
    public Planned {
        problems = List.copyOf(problems);
    }

    static Planned of(StagePlan plan) {
        return new Planned(plan.unit(), plan, List.of(), null);
    }
}
