package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * One extended attribute; its name without the prefix follows, then the u32 size of the value and the value.
 *
 * <p>Specification: {@code squashfs_xattr_entry}; little-endian.
 *
 * @param type prefix of the name, plus {@link #ELSEWHERE} if the value is a reference to the actual size and value
 * @param length of the name without the prefix, in bytes
 */
record XattrName(int type, int length) {
    static final int SIZE = 4;

    /** The prefix "security." */
    static final int SECURITY = 2;

    static final int ELSEWHERE = 0x100;

    private static final int PREFIX = 0xff;

    static XattrName read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian("squashfs xattr name", bytes, at);
        return new XattrName(in.u16("type"), in.u16("size"));
    }

    boolean isSecurity() {
        return (type & PREFIX) == SECURITY;
    }

    boolean isElsewhere() {
        return (type & ELSEWHERE) != 0;
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian("squashfs xattr name", SIZE)
                .u16("type", type)
                .u16("size", length);
    }
}
