/** The product: {@link dev.talosforge.pipeline.Forge} is what every front end calls. */
@NullMarked
package dev.talosforge.pipeline;

import org.jspecify.annotations.NullMarked;
