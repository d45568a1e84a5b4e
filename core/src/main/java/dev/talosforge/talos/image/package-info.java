/** Initramfs, boot images, ISO and installer. */
@NullMarked
package dev.talosforge.talos.image;

import org.jspecify.annotations.NullMarked;
