package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import org.jspecify.annotations.Nullable;

/**
 * An image that an artifact is made of.
 *
 * @param place where it was found, pinned if possible
 * @param digest of what the place has under the name, an index or a manifest; null where an earlier version of this
 *     program did not record it
 */
public record PinnedImage(ImagePlace place, @Nullable Sha256 digest) {
    /** The place of exactly this image. A Docker archive has no digests and stays as it is. */
    public ImagePlace pinned() {
        return digest == null ? place : place.pinned(digest);
    }
}
