package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * Starts a run of directory entries with inodes in one metadata block.
 *
 * <p>Specification: {@code squashfs_dir_header}; little-endian.
 *
 * @param count entries of the run, from 1 to {@link #MAX_COUNT}; stored minus one
 * @param block offset of that metadata block in the inode table, in bytes
 * @param inode number that the entries' numbers are relative to
 */
record DirectoryHeader(int count, long block, long inode) {
    static final int SIZE = 12;
    static final int MAX_COUNT = 256;

    static DirectoryHeader read(byte[] bytes, long offset) throws FormatException {
        FieldReader in = FieldReader.littleEndian("squashfs directory header", bytes, offset);
        long count = in.u32("count") + 1;
        if (count > MAX_COUNT) {
            throw new FormatException(
                    "squashfs directory header",
                    offset,
                    "count is %d; the limit is %d".formatted(count - 1, MAX_COUNT - 1));
        }
        return new DirectoryHeader((int) count, in.u32("start_block"), in.u32("inode_number"));
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian("squashfs directory header", SIZE)
                .u32("count", count - 1)
                .u32("start_block", block)
                .u32("inode_number", inode);
    }
}
