package dev.talosforge.registry;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImageReference;
import org.jspecify.annotations.Nullable;

/**
 * The result of a push.
 *
 * @param reference tag and digest
 * @param before what the tag named before the push; null if there was no such tag
 */
public record Pushed(ImageReference reference, @Nullable Sha256 before) {
    /** Whether an existing tag now names something else. */
    public boolean moved() {
        return before != null && !before.equals(reference.digest());
    }
}
