/** {@code talos_images}: installer and boot ISO with the same extensions. */
@NullMarked
package dev.talosforge.pipeline.stage.images;

import org.jspecify.annotations.NullMarked;
