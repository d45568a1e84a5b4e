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
 * @param module the last segment of {@code terraform.source}; null if there is none, or it is unknown
 * @param outputs what was recorded; empty if it failed or is not ours
 * @param problems what stopped it; empty if nothing did
 * @param because why it was not run; null if it was
 * @param bug what was thrown because of a bug of ours
 * @param timing null if it was not run
 * @param nextSteps what is left for the user to do after success
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

    /** A result that leaves nothing to do. */
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

    /** How it ended, in the word of results and reports. */
    public enum Ending {
        APPLIED,
        /** Built and recorded, but not pushed, as requested. */
        BUILT,
        PLANNED,
        VALID,
        /** Another tool's unit, or one without a stage: nothing to do for us. */
        NOT_MANAGED,
        /** The unit excludes itself. */
        EXCLUDED,
        /** Something it depends on failed. */
        SKIPPED,
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
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
