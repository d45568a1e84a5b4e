package dev.talosforge.pipeline.run;

import dev.talosforge.json.Json;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How one unit of a run ended.
 *
 * @param unit its folder, from the folder that was asked about
 * @param module the last segment of {@code terraform.source}; null where there is none, or where it cannot be told
 * @param outputs what was recorded; empty when it did not end well or is not ours
 * @param problems what stopped it; empty when nothing did
 * @param because why it was not run; null when it was
 * @param bug what was thrown when it was nobody's fault but ours
 * @param timing null when it was not run
 * @param nextSteps what is left to do for people when it ended well
 */
public record UnitResult(
        String unit,
        @Nullable String module,
        Ending ending,
        SequencedMap<String, Json> outputs,
        List<Problem> problems,
        @Nullable String because,
        @Nullable Throwable bug,
        @Nullable Timing timing,
        List<LintFinding> nextSteps) {
    public UnitResult {
        outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
        problems = List.copyOf(problems);
        nextSteps = List.copyOf(nextSteps);
    }

    /** One after which nothing is left to do. */
    public UnitResult(
            String unit,
            @Nullable String module,
            Ending ending,
            SequencedMap<String, Json> outputs,
            List<Problem> problems,
            @Nullable String because,
            @Nullable Throwable bug,
            @Nullable Timing timing) {
        this(unit, module, ending, outputs, problems, because, bug, timing, List.of());
    }

    /** How it ended, in the word that results and reports have for it. */
    public enum Ending {
        APPLIED,
        /** Made and recorded, and not sent to a registry, as was asked. */
        BUILT,
        PLANNED,
        VALID,
        /** Another tool's unit, or one without a stage: nothing to do for us. */
        NOT_OURS,
        /** The unit itself says that it is not to be run. */
        EXCLUDED,
        /** Something it depends on did not end well. */
        SKIPPED,
        FAILED;

        public String word() {
            return this == NOT_OURS ? "not_managed" : name().toLowerCase(Locale.ROOT);
        }
    }

    static UnitResult failed(UnitTree.Node node, List<Problem> problems, @Nullable Throwable bug, Timing timing) {
        return new UnitResult(
                node.name(), node.module(), Ending.FAILED, new LinkedHashMap<>(), problems, null, bug, timing);
    }

    /** The same, failed by more problems. */
    public UnitResult failedBy(List<Problem> more) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(more);
        return new UnitResult(unit, module, Ending.FAILED, new LinkedHashMap<>(), all, because, bug, timing);
    }

    static UnitResult skipped(UnitTree.Node node, String because) {
        return new UnitResult(
                node.name(), node.module(), Ending.SKIPPED, new LinkedHashMap<>(), List.of(), because, null, null);
    }
}
