package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.function.Function;

/** The parts of a gzip member around the Deflate stream. Specification: RFC 1952, section 2.3; little-endian. */
final class GzipFrame {
    static final int ID1 = 0x1f;
    static final int ID2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int RESERVED_FLAGS = 0xe0;

    /** "Unknown": the building machine must not show. */
    private static final int OS_UNKNOWN = 255;

    static final int TRAILER = 8;

    private GzipFrame() {}

    /** Supplies a header, one unsigned byte at a time; signals the end by an exception, not a value. */
    @FunctionalInterface
    interface Octets {
        int next() throws IOException;
    }

    /**
     * Reads what follows the two-byte magic number, up to the Deflate stream.
     *
     * @param broken creates an exception from a description of the fault, with the current position
     */
    static void readHeader(Octets in, Function<String, FormatException> broken) throws IOException {
        int method = in.next();
        if (method != DEFLATE) {
            throw broken.apply("CM is 0x%02x, expected 0x%02x".formatted(method, DEFLATE));
        }
        int flags = in.next();
        if ((flags & RESERVED_FLAGS) != 0) {
            throw broken.apply("FLG is 0x%02x, which has unknown bits set".formatted(flags));
        }
        skip(in, 6); // MTIME, XFL, OS
        if ((flags & FLAG_EXTRA) != 0) {
            int low = in.next();
            skip(in, low | in.next() << 8);
        }
        if ((flags & FLAG_NAME) != 0) {
            skipText(in);
        }
        if ((flags & FLAG_COMMENT) != 0) {
            skipText(in);
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            skip(in, 2);
        }
    }

    private static void skip(Octets in, int count) throws IOException {
        for (int left = count; left > 0; left--) {
            in.next();
        }
    }

    private static void skipText(Octets in) throws IOException {
        int value = in.next();
        while (value != 0) {
            value = in.next();
        }
    }

    /** Without time, name and comment. */
    static byte[] header() {
        return new byte[] {ID1, (byte) ID2, DEFLATE, 0, 0, 0, 0, 0, 0, (byte) OS_UNKNOWN};
    }

    /** Both numbers modulo 2^32. */
    static byte[] trailer(long crc, long size) {
        byte[] trailer = new byte[TRAILER];
        for (int i = 0; i < 4; i++) {
            trailer[i] = (byte) (crc >>> (8 * i));
            trailer[4 + i] = (byte) (size >>> (8 * i));
        }
        return trailer;
    }
}
