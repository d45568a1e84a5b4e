/** What units of ours do: one interface, and behind it three stages that do not know each other. */
@NullMarked
package dev.talosforge.pipeline.stage;

import org.jspecify.annotations.NullMarked;
