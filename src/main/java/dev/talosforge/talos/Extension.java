package dev.talosforge.talos;

import dev.talosforge.tree.FileTree;

/**
 * A system extension: what it says of itself, and the files it adds to Talos' root file system.
 *
 * @param rootfs with paths from the root of the running system
 */
public record Extension(ExtensionManifest manifest, FileTree rootfs) {}
