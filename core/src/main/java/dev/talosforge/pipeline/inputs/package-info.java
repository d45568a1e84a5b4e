/** The inputs of our units, as typed records. */
@NullMarked
package dev.talosforge.pipeline.inputs;

import org.jspecify.annotations.NullMarked;
