package dev.talosforge.oci;

import dev.talosforge.bytes.Sha256;

/**
 * A layer as written.
 *
 * @param descriptor of the bytes written
 * @param diffId digest of the uncompressed tar archive
 */
public record Layer(Descriptor descriptor, Sha256 diffId) {}
