package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Image;
import org.jspecify.annotations.Nullable;

/**
 * A selected image and its blobs.
 *
 * @param name as given by the user
 * @param index the index from which it was selected; null if the name refers to the manifest itself
 * @param blobs not yet verified
 */
public record ImageSource(String name, @Nullable Sha256 index, Image image, Blobs blobs) {}
