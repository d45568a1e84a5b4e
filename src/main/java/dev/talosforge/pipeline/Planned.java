package dev.talosforge.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A unit's plan, or why there is none.
 *
 * @param plan null where its result says why it cannot be told
 */
public record Planned(UnitResult result, @Nullable StagePlan plan) {}
