package dev.talosforge.pipeline.apply;

import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.provenance.StagePlan;
import org.jspecify.annotations.Nullable;

/**
 * A unit's plan, or why there is none.
 *
 * @param plan null if its result says why there is none
 */
public record PlannedUnit(UnitResult result, @Nullable StagePlan plan) {}
