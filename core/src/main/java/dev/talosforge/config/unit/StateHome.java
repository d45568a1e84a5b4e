package dev.talosforge.config.unit;

import org.jspecify.annotations.Nullable;

/**
 * Where a unit keeps its state, according to the unit.
 *
 * @param source {@code terraform.source}: Terragrunt runs it in a folder that is named after it, where a relative
 *     path starts; null if the unit has none that can be determined
 * @param remote null if the unit does not declare it, for a state in the folder that the unit runs in
 */
public record StateHome(@Nullable String source, @Nullable RemoteState remote) {}
