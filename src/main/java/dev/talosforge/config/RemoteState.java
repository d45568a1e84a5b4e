package dev.talosforge.config;

import dev.talosforge.config.hcl.Value;
import java.util.SequencedMap;

/**
 * Where a unit's state is kept.
 *
 * @param backend {@code local}, {@code s3}, …
 * @param config the backend's settings, by name
 */
public record RemoteState(String backend, SequencedMap<String, Value> config) {}
