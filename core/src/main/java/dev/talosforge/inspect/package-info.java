/**
 * Inspection of artifacts that were built here or elsewhere: what an image, an ISO, a boot image, an initramfs or a
 * squashfs contains, how two of them differ, and proofs that they belong together.
 */
@NullMarked
package dev.talosforge.inspect;

import org.jspecify.annotations.NullMarked;
