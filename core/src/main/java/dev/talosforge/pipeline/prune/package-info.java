/** Uploads that nobody needs any more. */
@NullMarked
package dev.talosforge.pipeline.prune;

import org.jspecify.annotations.NullMarked;
