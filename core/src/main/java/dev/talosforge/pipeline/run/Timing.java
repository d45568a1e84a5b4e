package dev.talosforge.pipeline.run;

import java.time.Duration;
import java.time.Instant;

/** When a unit's part of a run began and how long it took. For people and reports; never part of what is built. */
public record Timing(Instant started, Duration taken) {}
