/** Uploads that are no longer needed. */
@NullMarked
package dev.talosforge.pipeline.prune;

import org.jspecify.annotations.NullMarked;
