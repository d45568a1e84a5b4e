package dev.talosforge.oci;

/** How a layer is compressed: told by its first bytes, because media types are often wrong. */
public enum Compression {
    NONE,
    GZIP,
    ZSTD,
    XZ;

    /** How many first bytes {@link #of} wants to see. */
    static final int START = 6;

    private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final byte[] XZ_MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

    /** What starts with these bytes; anything unknown is taken for plain. */
    public static Compression of(byte[] start) {
        if (startsWith(start, GZIP_MAGIC)) {
            return GZIP;
        }
        if (startsWith(start, ZSTD_MAGIC)) {
            return ZSTD;
        }
        return startsWith(start, XZ_MAGIC) ? XZ : NONE;
    }

    private static boolean startsWith(byte[] start, byte[] magic) {
        return start.length >= magic.length && java.util.Arrays.equals(start, 0, magic.length, magic, 0, magic.length);
    }
}
