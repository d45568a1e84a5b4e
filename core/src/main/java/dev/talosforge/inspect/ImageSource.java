package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Image;
import org.jspecify.annotations.Nullable;

/**
 * An image that was chosen, and where its blobs are.
 *
 * @param name as it was asked for
 * @param index the index that it was chosen from; null where the name leads to the manifest itself
 * @param blobs checked by nobody yet
 */
public record ImageSource(String name, @Nullable Sha256 index, Image image, Blobs blobs) {}
