/**
 * Container images as the Open Container Initiative describes them: descriptors, manifests, layers, a layout on disk
 * and Docker's archive. Knows no network. See docs/formats/oci.md.
 */
@NullMarked
package dev.talosforge.oci;

import org.jspecify.annotations.NullMarked;
