package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.ByteSource;

/** The position of a file's content. Files with equal content share one. Filled in while the data is written. */
final class FileContent {
    private static final int[] NONE = {};

    final ByteSource source;

    /** Absolute, in bytes. */
    long start;

    /** The size words as stored. */
    final int[] blocks;

    /** Bytes in blocks that are not stored. */
    long sparse;

    long fragment = Inode.RegularFile.NO_FRAGMENT;
    int fragmentOffset;

    FileContent(ByteSource source, int blockSize) {
        this.source = source;
        boolean packed = source.size() < blockSize;
        this.blocks = packed ? NONE : new int[Math.toIntExact(Math.ceilDiv(source.size(), blockSize))];
    }

    long size() {
        return source.size();
    }
}
