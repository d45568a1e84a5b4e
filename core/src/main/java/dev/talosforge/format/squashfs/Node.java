package dev.talosforge.format.squashfs;

import dev.talosforge.tree.Entry.Attributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A future inode, which may have several names. There may be half a million, so it is kept small. */
final class Node {
    private static final int[] NO_CHILDREN = {};
    private static final byte[] NO_TARGET = {};

    final InodeType type;
    final Attributes attributes;

    /** A directory's children, sorted by the bytes of their names: positions of the tree's entries. */
    int[] children = NO_CHILDREN;

    int childCount;

    /** A symbolic link's target, in UTF-8. */
    byte[] target = NO_TARGET;

    /** A device's number. */
    long device;

    /** A regular file's content. */
    @Nullable
    FileContent content;

    /** Number of names; unused for a directory. */
    int links = 1;

    /** From 1, in the order in which inodes are written; 0 until assigned. */
    int number;

    /** Inode number of the parent directory. */
    @Nullable
    Node parent;

    /** The written inode's position: block offset in the inode table, shifted by 16, and offset in the block. */
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
