/** Images brought into the store, unpacked and kept there. */
@NullMarked
package dev.talosforge.pipeline.image;

import org.jspecify.annotations.NullMarked;
