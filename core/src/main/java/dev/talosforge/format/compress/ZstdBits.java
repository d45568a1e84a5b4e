package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A bit stream of a zstd block, read from its end. RFC 8878, section 4.1. */
final class ZstdBits {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int start;

    /** Bits left; negative if more were read than there are. */
    private int left;

    /** The stream in {@code bytes} from {@code start} to before {@code end}; its last byte has the end mark. */
    ZstdBits(byte[] bytes, int start, int end) throws FormatException {
        if (end <= start || bytes[end - 1] == 0) {
            throw Broken.block("a bit stream without an end mark");
        }
        this.bytes = bytes;
        this.start = start;
        int mark = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Byte.toUnsignedInt(bytes[end - 1]));
        this.left = (end - 1 - start) * Byte.SIZE + mark;
    }

    /** The next bits, up to 31; zeros after the end. */
    int read(int count) {
        int value = peek(count);
        left -= count;
        return value;
    }

    void skip(int count) {
        left -= count;
    }

    int peek(int count) {
        int from = left - count;
        if (count == 0 || left <= 0) {
            return 0;
        }
        int shift = from < 0 ? 0 : from & 7;
        int at = from < 0 ? 0 : from >> 3;
        long value = 0;
        if (start + at + Long.BYTES <= bytes.length) {
            value = (long) LONGS.get(bytes, start + at);
        } else {
            int needed = (Math.min(count, left) + shift + 7) >> 3;
            for (int i = 0; i < needed; i++) {
                value |= (bytes[start + at + i] & 0xffL) << (8 * i);
            }
        }
        value = (value >>> shift) & ((1L << Math.min(count, left)) - 1);
        return (int) (from < 0 ? value << -from : value);
    }

    int left() {
        return left;
    }

    /** Requires that exactly all bits were used. */
    void end() throws FormatException {
        if (left != 0) {
            throw Broken.block("a bit stream of the wrong length");
        }
    }
}
