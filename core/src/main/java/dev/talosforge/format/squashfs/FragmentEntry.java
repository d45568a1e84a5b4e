package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * The position of a block that holds several small files.
 *
 * <p>Specification: {@code squashfs_fragment_entry}; little-endian.
 *
 * @param start absolute, in bytes
 * @param size word of the block
 */
record FragmentEntry(long start, SizeWord size) {
    static final int SIZE = 16;

    static FragmentEntry read(byte[] bytes, long offset) throws FormatException {
        FieldReader in = FieldReader.littleEndian("squashfs fragment entry", bytes, offset);
        long start = in.u64("start_block");
        return new FragmentEntry(start, SizeWord.of(in.u32("size"), offset + Long.BYTES));
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian("squashfs fragment entry", SIZE)
                .u64("start_block", start)
                .u32("size", size.word())
                .zeros("unused", Integer.BYTES);
    }
}
