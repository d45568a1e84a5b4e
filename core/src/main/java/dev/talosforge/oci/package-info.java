/**
 * Container images as specified by the Open Container Initiative: descriptors, manifests, layers, the layout on disk,
 * and Docker's archive. Does no networking. See docs/formats/oci.md.
 */
@NullMarked
package dev.talosforge.oci;

import org.jspecify.annotations.NullMarked;
