package dev.talosforge.format.compress;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.StreamDecoder;
import java.io.IOException;

/** The compression of a stream, recognised by its first bytes. */
public enum Compression {
    GZIP,
    ZSTD,
    XZ,

    /** Anything else. */
    NONE;

    /** How many of the first bytes {@link #of(byte[])} needs. */
    public static final int PROBE = 6;

    private static final byte[] XZ_MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

    /** Recognises the compression by the first bytes; there may be fewer than {@link #PROBE}. */
    public static Compression of(byte[] head) {
        if (head.length >= 2 && number(head, 2) == 0x8b1f) {
            return GZIP;
        }
        if (head.length >= 4
                && (number(head, 4) == ZstdFrameHeader.MAGIC || ZstdFrameHeader.isSkippable(number(head, 4)))) {
            return ZSTD;
        }
        if (head.length >= PROBE && java.util.Arrays.equals(head, 0, PROBE, XZ_MAGIC, 0, PROBE)) {
            return XZ;
        }
        return NONE;
    }

    public static Compression of(ByteSource source) throws IOException {
        return of(source.read("compressed stream", 0, (int) Math.min(PROBE, source.size())));
    }

    /** The decoder; for {@link #NONE} it passes the stream through. */
    public StreamDecoder decoder() {
        return switch (this) {
            case GZIP -> Gzip.decoder();
            case ZSTD -> Zstd.decoder();
            case XZ -> Xz.decoder();
            case NONE -> compressed -> compressed;
        };
    }

    private static long number(byte[] bytes, int size) {
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = (number << 8) | (bytes[i] & 0xffL);
        }
        return number;
    }
}
