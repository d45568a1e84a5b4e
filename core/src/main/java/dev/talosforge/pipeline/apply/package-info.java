/** Units validated, planned, applied and recorded. */
@NullMarked
package dev.talosforge.pipeline.apply;

import org.jspecify.annotations.NullMarked;
