package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * Starts the table of extended attributes; the positions of its blocks follow.
 *
 * <p>Specification: {@code squashfs_xattr_id_table}; little-endian.
 *
 * @param start of the names and values, absolute, in bytes
 * @param sets the number of {@link XattrSet}s
 */
record XattrHeader(long start, long sets) {
    static final int SIZE = 16;

    static XattrHeader read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian("squashfs xattr table", bytes, at);
        return new XattrHeader(in.u64("xattr_table_start"), in.u32("xattr_ids"));
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian("squashfs xattr table", SIZE)
                .u64("xattr_table_start", start)
                .u32("xattr_ids", sets)
                .u32("unused", 0);
    }
}
