package dev.talosforge.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit that was looked at.
 *
 * @param findings what the content checks find; problems of the result where somebody is strict
 * @param view null where its result says why it cannot be evaluated
 */
public record Validated(
        UnitResult result, List<Finding> findings, @Nullable UnitView view) {
    public Validated {
        findings = List.copyOf(findings);
    }
}
