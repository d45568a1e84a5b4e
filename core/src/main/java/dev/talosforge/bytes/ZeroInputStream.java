package dev.talosforge.bytes;

import java.io.InputStream;
import java.util.Arrays;

/** A bounded run of zero bytes. */
final class ZeroInputStream extends InputStream {
    private long left;

    ZeroInputStream(long count) {
        this.left = count;
    }

    @Override
    public int read() {
        if (left <= 0) {
            return -1;
        }
        left--;
        return 0;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(length, left);
        Arrays.fill(into, offset, offset + count, (byte) 0);
        left -= count;
        return count;
    }
}
