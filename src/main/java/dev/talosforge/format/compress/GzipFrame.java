package dev.talosforge.format.compress;

/** The parts of a gzip member around the Deflate stream. Specification: RFC 1952, section 2.3; little-endian. */
final class GzipFrame {
    static final int ID1 = 0x1f;
    static final int ID2 = 0x8b;
    static final int DEFLATE = 8;
    static final int FLAG_HEADER_CRC = 2;
    static final int FLAG_EXTRA = 4;
    static final int FLAG_NAME = 8;
    static final int FLAG_COMMENT = 16;
    static final int RESERVED_FLAGS = 0xe0;

    /** "Unknown": the machine that builds must not show. */
    private static final int OS_UNKNOWN = 255;

    static final int TRAILER = 8;

    private GzipFrame() {}

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
