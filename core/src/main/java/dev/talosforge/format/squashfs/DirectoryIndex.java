package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldWriter;

/**
 * Points into the middle of a long listing, to a run's header; the run's first name follows, without a terminator.
 *
 * <p>Specification: {@code squashfs_dir_index}; little-endian.
 *
 * @param offset of the header from the start of the listing, in bytes
 * @param block offset of the header's metadata block in the directory table, in bytes
 * @param length of the name in bytes, from 1; stored minus one
 */
record DirectoryIndex(long offset, long block, int length) {
    static final int SIZE = 12;

    FieldWriter encode() {
        return FieldWriter.littleEndian("squashfs directory index", SIZE)
                .u32("index", offset)
                .u32("start_block", block)
                .u32("size", length - 1);
    }
}
