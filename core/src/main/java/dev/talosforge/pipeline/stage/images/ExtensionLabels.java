package dev.talosforge.pipeline.stage.images;

import dev.talosforge.format.tar.LostXattrs;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SELinux labels of an extension's files: which are in its squashfs, and which are lost.
 *
 * @param kept whether the version of Talos keeps any
 */
record ExtensionLabels(ExtensionImage extension, boolean kept) {
    private static final String ROOTFS = "rootfs";

    /** Of the squashfs' root; null for none. */
    @Nullable
    String root() {
        Entry rootfs = extension.files().get(ROOTFS);
        return kept && rootfs != null ? rootfs.attributes().label() : null;
    }

    /**
     * A line with the lost ones; null if there are none.
     *
     * @param packed what is in the squashfs. Firmware is not: it goes into the initramfs, which has no labels
     */
    @Nullable
    String lost(FileTree packed) {
        LostXattrs lost = new LostXattrs();
        for (Entry entry : extension.files().entries()) {
            if (entry.attributes().label() != null && !isKept(entry.path(), packed)) {
                lost.see(entry.path(), List.of(Attributes.LABEL));
            }
        }
        String warning = lost.warning();
        return warning == null ? null : "%s: %s".formatted(extension.reference(), warning);
    }

    private boolean isKept(String path, FileTree packed) {
        return kept
                && (path.equals(ROOTFS)
                        || (path.startsWith(ROOTFS + "/") && packed.get(path.substring(ROOTFS.length() + 1)) != null));
    }
}
