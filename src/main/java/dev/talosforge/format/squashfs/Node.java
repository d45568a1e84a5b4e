package dev.talosforge.format.squashfs;

import dev.talosforge.tree.Entry.Attributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One inode to be: several names may lead to it. There may be half a million, so it is kept small. */
final class Node {
    private static final int[] NO_CHILDREN = {};
    private static final byte[] NO_TARGET = {};

    final InodeType type;
    final Attributes attributes;

    /** What stands in a directory, by the bytes of the names: positions of the tree's entries. */
    int[] children = NO_CHILDREN;

    int childCount;

    /** A symbolic link's, in UTF-8. */
    byte[] target = NO_TARGET;

    /** A device's. */
    long device;

    /** A regular file's. */
    @Nullable
    FileContent content;

    /** Names that lead here; for a directory not used. */
    int links = 1;

    /** From 1, in the order in which inodes are written; 0 before it is given. */
    int number;

    /** Inode number of the directory above. */
    @Nullable
    Node parent;

    /** Where the inode was written: block offset in the inode table, shifted by 16, and offset in the block. */
    long reference;

    Node(InodeType type, Attributes attributes) {
        this.type = type;
        this.attributes = attributes;
    }

    void add(int child) {
        if (childCount == children.length) {
            children = Arrays.copyOf(children, Math.max(4, childCount + (childCount >> 1)));
        }
        children[childCount++] = child;
    }

    record Name(String text, Node node) {
        byte[] bytes() {
            return dev.talosforge.bytes.NameBytes.of(text);
        }
    }
}
