/** {@code talos_extension}: a system extension from the sources that a unit names. */
@NullMarked
package dev.talosforge.pipeline.stage.extension;

import org.jspecify.annotations.NullMarked;
