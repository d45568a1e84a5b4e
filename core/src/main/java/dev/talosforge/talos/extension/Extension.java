package dev.talosforge.talos.extension;

import dev.talosforge.problem.Problem;
import dev.talosforge.tree.FileTree;
import java.util.List;

/**
 * A system extension: its manifest, and the files it adds to Talos' root file system.
 *
 * @param rootfs with paths from the root of the running system
 * @param warnings what is allowed but hardly intended
 */
public record Extension(ExtensionManifest manifest, FileTree rootfs, List<Problem> warnings) {
    public Extension {
        warnings = List.copyOf(warnings);
    }

    /** One whose content was not checked. */
    public Extension(ExtensionManifest manifest, FileTree rootfs) {
        this(manifest, rootfs, List.of());
    }
}
