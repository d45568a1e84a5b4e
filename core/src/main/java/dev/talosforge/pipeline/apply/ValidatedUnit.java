package dev.talosforge.pipeline.apply;

import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit that was validated.
 *
 * @param findings what the content checks find; problems of the result in strict runs
 * @param view null if its result says why it cannot be evaluated
 */
public record ValidatedUnit(
        UnitResult result,
        List<LintFinding> findings,
        @Nullable UnitView view) {
    public ValidatedUnit {
        findings = List.copyOf(findings);
    }
}
