package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * One name in a listing; the name follows, without a terminator.
 *
 * <p>Specification: {@code squashfs_dir_entry}; little-endian.
 *
 * @param offset of the inode in its uncompressed metadata block, in bytes
 * @param delta inode number relative to the run's, from -32768 to 32767
 * @param type basic type, from 1 to 7, even for an extended inode
 * @param length of the name in bytes, from 1; stored minus one
 */
record DirectoryEntry(int offset, int delta, int type, int length) {
    static final int SIZE = 8;

    static DirectoryEntry read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian("squashfs directory entry", bytes, at);
        return new DirectoryEntry(in.u16("offset"), (short) in.u16("inode_number"), in.u16("type"), in.u16("size") + 1);
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian("squashfs directory entry", SIZE)
                .u16("offset", offset)
                .u16("inode_number", Short.toUnsignedInt((short) delta))
                .u16("type", type)
                .u16("size", length - 1);
    }
}
