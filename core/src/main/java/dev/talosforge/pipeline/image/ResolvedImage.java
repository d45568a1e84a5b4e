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
 * @param place as asked for, pinned to {@code top} where that can be
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
    /** What a record says of it. */
    public PinnedImage pinned() {
        return new PinnedImage(place, top.digest());
    }

    /** Where to find the same for another architecture, whatever is published meanwhile. */
    public static ImagePlace again(ImagePlace asked, ResolvedImage found) {
        return asked instanceof ImagePlace.OnDisk disk && disk.perArchitecture() ? asked : found.place();
    }
}
