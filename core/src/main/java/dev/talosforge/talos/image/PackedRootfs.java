package dev.talosforge.talos.image;

import dev.talosforge.talos.Quirks;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.SharedAttributes;

/**
 * An extension's files as Talos' imager packs them into a squashfs image: all owned by root ({@code -all-root}), all
 * with one time ({@code SOURCE_DATE_EPOCH}), whatever its image says, and with SELinux labels if the version keeps
 * them. So an owner or a time that squashfs cannot hold is no reason to reject an extension.
 */
public final class PackedRootfs {
    /** Of symbolic links, on every Linux: their modes are never used. */
    private static final int LINK_PERMISSIONS = 0777;

    private static final long MAX_ID = 0xffff_fffeL;

    private PackedRootfs() {}

    /**
     * The files as they are packed.
     *
     * @param owners whether those of the image stay, because its unit chose them
     * @param labels whether those of the image stay, see {@link Quirks#labels}
     * @param created of everything, in seconds since the epoch
     */
    public static FileTree of(FileTree rootfs, boolean owners, boolean labels, long created) {
        SharedAttributes shared = new SharedAttributes();
        return rootfs.withAttributes(entry -> {
            Attributes attributes = entry.attributes();
            return shared.of(new Attributes(
                    entry instanceof Entry.Symlink ? LINK_PERMISSIONS : attributes.permissions(),
                    owners ? owner(attributes.uid()) : 0,
                    owners ? owner(attributes.gid()) : 0,
                    created,
                    labels ? attributes.label() : null));
        });
    }

    /** One that Linux cannot have becomes root. */
    private static long owner(long id) {
        return id < 0 || id > MAX_ID ? 0 : id;
    }
}
