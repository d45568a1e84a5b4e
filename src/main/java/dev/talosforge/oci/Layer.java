package dev.talosforge.oci;

import dev.talosforge.bytes.Sha256;

/**
 * A layer that was written.
 *
 * @param descriptor of the bytes as they were written
 * @param diffId digest of the tar archive in them
 */
public record Layer(Descriptor descriptor, Sha256 diffId) {}
