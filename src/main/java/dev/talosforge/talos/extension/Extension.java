package dev.talosforge.talos.extension;

import dev.talosforge.problem.Problem;
import dev.talosforge.tree.FileTree;
import java.util.List;

/**
 * A system extension: what it says of itself, and the files it adds to Talos' root file system.
 *
 * @param rootfs with paths from the root of the running system
 * @param warnings what was found in it that is allowed and hardly meant
 */
public record Extension(ExtensionManifest manifest, FileTree rootfs, List<Problem> warnings) {
    public Extension {
        warnings = List.copyOf(warnings);
    }

    /** One that was not looked into. */
    public Extension(ExtensionManifest manifest, FileTree rootfs) {
        this(manifest, rootfs, List.of());
    }
}
