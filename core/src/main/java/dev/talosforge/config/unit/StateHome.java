package dev.talosforge.config.unit;

import org.jspecify.annotations.Nullable;

/**
 * What a unit says about where its state is kept.
 *
 * @param source {@code terraform.source}: Terragrunt runs it in a folder that is named after it, where a relative path
 *     begins; null where the unit has none that can be told
 * @param remote null where the unit says nothing, for a state in the folder that it is run in
 */
public record StateHome(@Nullable String source, @Nullable RemoteState remote) {}
