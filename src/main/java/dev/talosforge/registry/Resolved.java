package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;

/**
 * What a reference stands for.
 *
 * @param reference as asked for, pinned to {@code top}
 * @param top what the registry has under the name: an index, or the manifest itself
 * @param topBytes exactly as the registry gave them
 * @param selected the manifest for the platform
 * @param manifestBytes of {@code selected}, exactly as the registry gave them
 */
public record Resolved(
        ImageReference reference,
        Descriptor top,
        ByteSource topBytes,
        Descriptor selected,
        ByteSource manifestBytes,
        Manifest manifest) {}
