package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import java.util.List;

/**
 * What a reference stands for.
 *
 * @param reference as asked for, pinned to {@code top}
 * @param top what the registry has under the name: an index, or the manifest itself
 * @param topBytes exactly as the registry gave them
 * @param selected the manifest for the platform
 * @param manifestBytes of {@code selected}, exactly as the registry gave them
 * @param read all documents that led to it, those two among them: indexes in one another, and what entries that do not
 *     say their platform were asked by
 */
public record Resolved(
        ImageReference reference,
        Descriptor top,
        ByteSource topBytes,
        Descriptor selected,
        ByteSource manifestBytes,
        Manifest manifest,
        List<ByteSource> read) {
    public Resolved {
        read = List.copyOf(read);
    }
}
