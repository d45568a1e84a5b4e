package dev.talosforge.pipeline.image;

import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.Manifest;
import dev.talosforge.provenance.PinnedImage;
import org.jspecify.annotations.Nullable;

/**
 * An image of the plan, for one architecture.
 *
 * @param place as requested, pinned to {@code top} if possible
 * @param top what the place has under the name: an index, or the manifest itself
 * @param selected the manifest for the architecture
 * @param onDisk where its blobs are; null for a registry and for the store
 */
public record ResolvedImage(
        ImagePlace place,
        Descriptor top,
        Descriptor selected,
        Manifest manifest,
        @Nullable Blobs onDisk) {
    /** Its form in a record. */
    public PinnedImage pinned() {
        return new PinnedImage(place, top.digest());
    }

    /** The place of the same image for another architecture, whatever is published meanwhile. */
    public static ImagePlace again(ImagePlace requested, ResolvedImage found) {
        return requested instanceof ImagePlace.OnDisk disk && disk.perArchitecture() ? requested : found.place();
    }
}
