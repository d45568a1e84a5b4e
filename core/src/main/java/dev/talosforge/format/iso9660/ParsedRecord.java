package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.util.Arrays;

/** The needed parts of a directory record of any origin. */
final class ParsedRecord {
    private static final String NAME = "ISO 9660 directory record";

    private final long at;
    private final long block;
    private final long size;
    private final int flags;
    private final byte[] identifier;
    private final long recorded;
    private final byte[] systemUse;

    private ParsedRecord(FieldReader in, byte[] record, long at) throws FormatException {
        this.at = at;
        in.bytes("length", 2);
        block = in.u32("extent");
        in.bytes("extent", 4);
        size = in.u32("data_length");
        in.bytes("data_length", 4);
        recorded = IsoTime.read(in.bytes("recorded", 7), 0);
        flags = in.u8("flags");
        in.bytes("file_unit_size to volume_sequence_number", 6);
        identifier = in.bytes("identifier", in.u8("identifier_length"));
        if (identifier.length == 0) {
            throw new FormatException(NAME, at, "has no identifier");
        }
        int use = Math.min(record.length, DirectoryRecord.beforeSystemUse(identifier.length));
        systemUse = Arrays.copyOfRange(record, use, record.length);
    }

    /** {@code at}: the record's offset, in bytes. */
    static ParsedRecord of(byte[] record, long at) throws FormatException {
        return new ParsedRecord(FieldReader.littleEndian(NAME, record, at), record, at);
    }

    long at() {
        return at;
    }

    /** In blocks of 2048 bytes. */
    long block() {
        return block;
    }

    /** In bytes. */
    long size() {
        return size;
    }

    byte[] identifier() {
        return identifier;
    }

    /** In seconds since the epoch. */
    long recorded() {
        return recorded;
    }

    byte[] systemUse() {
        return systemUse;
    }

    boolean isDirectory() {
        return (flags & DirectoryRecord.DIRECTORY) != 0;
    }

    boolean continues() {
        return (flags & DirectoryRecord.MORE_EXTENTS) != 0;
    }

    /** Whether it is the directory itself or its parent. */
    boolean isDots() {
        return identifier.length == 1 && (identifier[0] == 0 || identifier[0] == 1);
    }
}
