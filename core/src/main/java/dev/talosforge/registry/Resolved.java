package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import java.util.List;

/**
 * What a reference stands for.
 *
 * @param reference as requested, pinned to {@code top}
 * @param top what the name stands for in the registry: an index, or the manifest itself
 * @param topBytes exactly as the registry sent them
 * @param selected the manifest for the platform
 * @param manifestBytes of {@code selected}, exactly as the registry sent them
 * @param read all documents on the way to it, including those two: nested indexes, and what was read to find the
 *     platform of entries that do not state it
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
