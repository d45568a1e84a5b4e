package dev.talosforge.format.compress;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Finds the end of an .xz stream from the lengths stored in it.
 *
 * <pre>
 *   header   12 bytes; the low half of the 8th says how long checks are
 *   block*   header, LZMA2 chunks, zeros up to a multiple of 4, check
 *   index    0, number of records, two numbers each, zeros up to a multiple of 4, CRC32
 *   footer   12 bytes, the last are "YZ"
 * </pre>
 *
 * <p>Specification: "The .xz File Format" 1.2.0; of LZMA2's chunks, Linux {@code lib/xz/xz_dec_lzma2.c}.
 */
final class XzOutline {
    private static final String NAME = "xz stream";
    private static final int HEADER = 12;
    private static final int FOOTER = 12;
    private static final int[] CHECK_SIZES = {0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64};

    private final ByteSource source;

    XzOutline(ByteSource source) {
        this.source = source;
    }

    long end(long start) throws IOException {
        int check = CHECK_SIZES[(int) number(start + 7, 1) & 15];
        long at = start + HEADER;
        for (long size = number(at, 1); size != 0; size = number(at, 1)) {
            at = aligned(chunks(at + (size + 1) * 4), start) + check;
        }
        long end = aligned(index(at + 1), start) + 4 + FOOTER;
        if (number(end - 2, 2) != 0x5a59) {
            throw new FormatException(NAME, end - 2, "does not end with YZ");
        }
        return end;
    }

    private long chunks(long start) throws IOException {
        long at = start;
        for (int control = (int) number(at, 1); control != 0; control = (int) number(at, 1)) {
            if (control >= 0x80) {
                int properties = control >= 0xc0 ? 1 : 0;
                at += 5 + properties + bigEndian(at + 3) + 1;
            } else if (control <= 2) {
                at += 3 + bigEndian(at + 1) + 1;
            } else {
                throw new FormatException(NAME, at, "no LZMA2 chunk starts with 0x%02x".formatted(control));
            }
        }
        return at + 1;
    }

    private long index(long start) throws IOException {
        long at = Outline.end(source, NAME, start);
        try (InputStream in = new BufferedInputStream(source.openAt(at), 1 << 12)) {
            long records = -1;
            for (long i = 0; records < 0 || i < 2 * records; i++) {
                long number = 0;
                int shift = 0;
                int value;
                do {
                    value = in.read();
                    at++;
                    if (value < 0 || shift > 56) {
                        throw new FormatException(
                                NAME, at, "ends within its index, or the index has a number that is too long");
                    }
                    number |= (value & 0x7fL) << shift;
                    shift += 7;
                } while (value >= 0x80);
                if (records < 0) {
                    records = Math.min(number, source.size());
                    i = -1;
                }
            }
        }
        return at;
    }

    private static long aligned(long at, long start) {
        return start + ((at - start + 3) & -4L);
    }

    private long number(long at, int size) throws IOException {
        return Outline.number(source, NAME, at, size);
    }

    private long bigEndian(long at) throws IOException {
        byte[] bytes = source.read(NAME, at, 2);
        return (bytes[0] & 0xffL) << 8 | (bytes[1] & 0xffL);
    }
}
