package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.FieldWriter;

/** One extent of a file, or a directory. ECMA-119 9.1. The table in {@code docs/formats} is tested against it. */
final class DirectoryRecord {
    static final int DIRECTORY = 0x02;
    static final int MORE_EXTENTS = 0x80;
    static final int MAX_SIZE = 254;
    private static final int FIXED = 33;

    private final byte[] identifier;
    private final long block;
    private final long size;
    private final byte[] recorded;
    private final int flags;
    private final byte[] systemUse;

    /**
     * A record to be encoded.
     *
     * @param identifier of the file: 0 for the directory itself, 1 for its parent
     * @param block where the extent starts, in blocks of 2048 bytes
     * @param size in bytes
     * @param recorded seven bytes, see {@link IsoTime}
     * @param flags {@link #DIRECTORY}, {@link #MORE_EXTENTS}
     * @param systemUse Rock Ridge
     */
    DirectoryRecord(byte[] identifier, long block, long size, byte[] recorded, int flags, byte[] systemUse) {
        this.identifier = identifier;
        this.block = block;
        this.size = size;
        this.recorded = recorded;
        this.flags = flags;
        this.systemUse = systemUse;
    }

    /** Of a record, in bytes: even. */
    static int length(int identifier, int systemUse) {
        return even(beforeSystemUse(identifier) + systemUse);
    }

    /** Bytes before the system use field. */
    static int beforeSystemUse(int identifier) {
        return even(FIXED + identifier);
    }

    private static int even(int length) {
        return length + (length & 1);
    }

    FieldWriter encode() {
        int length = length(identifier.length, systemUse.length);
        int padding = beforeSystemUse(identifier.length) - FIXED - identifier.length;
        FieldWriter out = FieldWriter.littleEndian("ISO 9660 directory record", length)
                .u8("length", length)
                .u8("extended_attribute_length", 0)
                .both32("extent", block)
                .both32("data_length", size)
                .bytes("recorded", recorded)
                .u8("flags", flags)
                .u8("file_unit_size", 0)
                .u8("interleave_gap_size", 0)
                .both16("volume_sequence_number", 1)
                .u8("identifier_length", identifier.length)
                .bytes("identifier", identifier);
        if (padding > 0) {
            out.zeros("padding", padding);
        }
        if (systemUse.length > 0) {
            out.bytes("system_use", systemUse);
        }
        int left = length - beforeSystemUse(identifier.length) - systemUse.length;
        return left > 0 ? out.zeros("padding_to_even", left) : out;
    }
}
