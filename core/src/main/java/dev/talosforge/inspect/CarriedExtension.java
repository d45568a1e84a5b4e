package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.talos.extension.ExtensionManifest;

/**
 * An extension in an initramfs.
 *
 * @param file its path in the initramfs
 * @param image its squashfs
 */
record CarriedExtension(String file, ExtensionManifest manifest, ByteSource image) {
    /** For people: name and version. */
    String title() {
        return manifest.name() + " " + manifest.version();
    }
}
