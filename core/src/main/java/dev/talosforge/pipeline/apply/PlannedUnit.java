package dev.talosforge.pipeline.apply;

import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.provenance.StagePlan;
import org.jspecify.annotations.Nullable;

/**
 * A unit's plan, or why there is none.
 *
 * @param plan null where its result says why it cannot be told
 */
public record PlannedUnit(UnitResult result, @Nullable StagePlan plan) {}
