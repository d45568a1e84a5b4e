package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * The extended attributes of inodes with the same index.
 *
 * <p>Specification: {@code squashfs_xattr_id}; little-endian.
 *
 * @param reference of the first name: bits 16-47 the metadata block's offset from the names' start, bits 0-15 the
 *     offset in it
 * @param count of attributes
 * @param size of the names, each with its prefix and a NUL, plus the values, in bytes, as mksquashfs counts
 */
record XattrSet(long reference, long count, long size) {
    static final int SIZE = 16;

    static XattrSet read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian("squashfs xattr set", bytes, at);
        return new XattrSet(in.u64("xattr"), in.u32("count"), in.u32("size"));
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian("squashfs xattr set", SIZE)
                .u64("xattr", reference)
                .u32("count", count)
                .u32("size", size);
    }
}
