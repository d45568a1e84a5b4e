/** System extensions: their images, manifests and contents. */
@NullMarked
package dev.talosforge.talos.extension;

import org.jspecify.annotations.NullMarked;
