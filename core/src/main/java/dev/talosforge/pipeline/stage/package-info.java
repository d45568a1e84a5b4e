/** What our units do: one interface and three stages that do not know each other. */
@NullMarked
package dev.talosforge.pipeline.stage;

import org.jspecify.annotations.NullMarked;
