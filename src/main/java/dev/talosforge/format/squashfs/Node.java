package dev.talosforge.format.squashfs;

import dev.talosforge.tree.Entry.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One inode to be: several names may lead to it. */
final class Node {
    final InodeType type;
    final Attributes attributes;

    /** What stands in a directory, by the bytes of the names. */
    final List<Name> children = new ArrayList<>();

    /** A symbolic link's, in UTF-8. */
    byte[] target = {};

    /** A device's. */
    long device;

    /** A regular file's. */
    @Nullable
    FileContent content;

    /** Names that lead here; for a directory not used. */
    long links = 1;

    /** From 1, in the order in which inodes are written; 0 before it is given. */
    long number;

    /** Inode number of the directory above. */
    @Nullable
    Node parent;

    /** Where the inode was written: block offset in the inode table, shifted by 16, and offset in the block. */
    long reference;

    Node(InodeType type, Attributes attributes) {
        this.type = type;
        this.attributes = attributes;
    }

    record Name(String text, Node node) {
        byte[] bytes() {
            return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
