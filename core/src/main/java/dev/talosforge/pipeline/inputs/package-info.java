/** What units of ours are given, as typed records. */
@NullMarked
package dev.talosforge.pipeline.inputs;

import org.jspecify.annotations.NullMarked;
