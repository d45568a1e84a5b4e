package dev.talosforge.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A unit that was looked at.
 *
 * @param view null where its result says why it cannot be shown
 */
public record Validated(UnitResult result, @Nullable UnitView view) {}
