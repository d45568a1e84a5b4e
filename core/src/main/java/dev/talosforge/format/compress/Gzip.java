package dev.talosforge.format.compress;

import dev.talosforge.bytes.StreamDecoder;
import java.io.IOException;
import java.io.OutputStream;

/** The gzip format, RFC 1952, with the JDK's Deflate. */
public final class Gzip {
    /** Zlib's own default. */
    public static final int DEFAULT_LEVEL = 6;

    private Gzip() {}

    /** Reads members, one after another. Zeros after the last one, as on tapes, are skipped. */
    public static StreamDecoder decoder() {
        return GzipInputStream::new;
    }

    /**
     * Compresses into one member whose header holds no time, name or system. Closing the result ends the member and
     * leaves {@code out} open.
     *
     * @param level from 1, fast, to 9, small
     */
    public static OutputStream encode(OutputStream out, int level) throws IOException {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("not a gzip level: " + level);
        }
        return new GzipOutputStream(out, level);
    }

    /**
     * Writes one member that stores the bytes, with 5 extra for each 65535: for content that is already compressed, and
     * about as fast as copying. Closing the result ends the member and leaves {@code out} open.
     */
    public static OutputStream stored(OutputStream out) throws IOException {
        return new StoredGzipOutputStream(out);
    }
}
