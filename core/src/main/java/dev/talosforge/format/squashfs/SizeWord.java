package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FormatException;

/**
 * How a data block is stored: 24 bits of size, and bit 24 for a block that compression would not make smaller.
 *
 * @param size stored, in bytes; 0 is a block of zeros that is not stored
 * @param raw whether the block is stored uncompressed
 */
record SizeWord(int size, boolean raw) {
    static final SizeWord HOLE = new SizeWord(0, false);
    private static final int RAW = 1 << 24;

    static SizeWord of(long word, long offset) throws FormatException {
        if (word >>> 25 != 0) {
            throw new FormatException("squashfs block size", offset, "0x%08x has unknown bits set".formatted(word));
        }
        return new SizeWord((int) word & (RAW - 1), (word & RAW) != 0);
    }

    long word() {
        return raw ? size | RAW : size;
    }
}
