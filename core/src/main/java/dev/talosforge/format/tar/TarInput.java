package dev.talosforge.format.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** An archive that is read once, with the current position. */
final class TarInput {
    private final InputStream in;
    private long position;

    TarInput(InputStream in) {
        this.in = in;
    }

    /** In bytes from the start of the archive. */
    long position() {
        return position;
    }

    /** Reads this many bytes; fewer at the end. */
    byte[] upTo(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        position += bytes.length;
        return bytes;
    }

    /** Reads at least one byte; -1 at the end. */
    int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        position += Math.max(0, count);
        return count;
    }

    static boolean isZero(byte[] block) {
        return Arrays.equals(block, new byte[block.length]);
    }
}
