package dev.talosforge.registry;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImageReference;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the registry now.
 *
 * @param reference tag and digest
 * @param before what the tag named before the push; null when there was none
 */
public record Pushed(ImageReference reference, @Nullable Sha256 before) {
    /** Whether a tag that was there names something else now. */
    public boolean moved() {
        return before != null && !before.equals(reference.digest());
    }
}
