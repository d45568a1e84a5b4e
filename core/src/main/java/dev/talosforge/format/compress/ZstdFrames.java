package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Passes frames on unchanged, one at a time, without skippable ones, and checks their structure on the way: the decoder
 * behind it receives complete frames that need no more memory than allowed.
 *
 * <pre>
 *   frame             magic, header, block+, optional checksum
 *   skippable frame   magic, u32 size, content
 *   block             u24 (bit 0: last, bits 1-2: type, bits 3-23: size), content
 * </pre>
 *
 * <p>Specification: RFC 8878, section 3.1; little-endian.
 */
final class ZstdFrames extends InputStream {
    private static final String NAME = "zstd stream";

    /** The position after the magic number. */
    private static final int DESCRIPTOR = 4;

    /** The longest header: descriptor, window, dictionary id, content size. */
    private static final int MAX_HEADER = 14;

    private static final int MAX_BLOCK = 1 << 17;
    private static final int BLOCK_HEADER = 3;
    private static final int CHECKSUM = 4;

    private final InputStream in;
    private final long maxWindow;
    private final byte[] unit = new byte[BLOCK_HEADER + MAX_BLOCK];
    private State state = State.BETWEEN_FRAMES;
    private int fill;
    private int served;
    private long position;
    private boolean checksum;
    private long window;
    private long stated;

    private enum State {
        BETWEEN_FRAMES,
        IN_FRAME,
        AT_CHECKSUM,
        AT_END
    }

    ZstdFrames(InputStream in, long maxWindow) {
        this.in = in;
        this.maxWindow = maxWindow;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (served == fill) {
            fill = 0;
            served = 0;
            switch (state) {
                case BETWEEN_FRAMES -> {
                    return -1;
                }
                case IN_FRAME -> block();
                case AT_CHECKSUM -> {
                    take(CHECKSUM, "the checksum");
                    state = State.BETWEEN_FRAMES;
                }
                case AT_END -> {
                    return -1;
                }
            }
        }
        int count = Math.min(length, fill - served);
        System.arraycopy(unit, served, into, offset, count);
        served += count;
        return count;
    }

    /** Advances to the next frame with content; false if there is none. Reading then stops at the end of that frame. */
    boolean next() throws IOException {
        while (state == State.BETWEEN_FRAMES) {
            fill = 0;
            served = 0;
            header();
        }
        return state != State.AT_END;
    }

    /** The frame's window in bytes: how much its decoder has to keep. */
    long window() {
        return window;
    }

    /** The content size that the frame states, in bytes; -1 if it does not. */
    long contentSize() {
        return stated;
    }

    boolean hasChecksum() {
        return checksum;
    }

    /** For callers that need its named parts. */
    void skipHeader() {
        served = fill;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void header() throws IOException {
        int first = in.read();
        if (first < 0) {
            state = State.AT_END;
            return;
        }
        position++;
        unit[fill++] = (byte) first;
        take(3, "the magic number");
        long magic = number(0, 4);
        if (ZstdFrameHeader.isSkippable(magic)) {
            skip();
            return;
        }
        if (magic != ZstdFrameHeader.MAGIC) {
            throw new FormatException(NAME, position - 4, "no frame starts with 0x%08x".formatted(magic));
        }
        take(1, "the frame header");
        ZstdFrameHeader header = ZstdFrameHeader.of(unit[DESCRIPTOR]);
        checksum = header.checksum();
        take(header.size() - 1, "the frame header");
        assert fill <= DESCRIPTOR + MAX_HEADER;
        stated =
                header.contentSize() == 0 ? -1 : contentSize(DESCRIPTOR + header.contentSizeAt(), header.contentSize());
        window = header.single() ? stated : window(unit[DESCRIPTOR + 1] & 0xff);
        if (window < 0 || window > maxWindow) {
            throw new FormatException(
                    NAME,
                    position,
                    "a window of %s bytes; the limit is %d".formatted(Long.toUnsignedString(window), maxWindow));
        }
        if (header.dictionaryId() > 0 && number(DESCRIPTOR + header.dictionaryAt(), header.dictionaryId()) != 0) {
            throw new FormatException(NAME, position, "a frame requires a dictionary");
        }
        state = State.IN_FRAME;
    }

    private void skip() throws IOException {
        take(4, "the size of a skippable frame");
        long size = number(4, 4);
        for (long left = size; left > 0; ) {
            int count = in.read(unit, 0, (int) Math.min(left, unit.length));
            if (count < 0) {
                throw new FormatException(NAME, position, "ends within a skippable frame");
            }
            left -= count;
            position += count;
        }
        fill = 0;
    }

    private void block() throws IOException {
        take(BLOCK_HEADER, "a block header");
        long header = number(0, BLOCK_HEADER);
        int type = (int) (header >> 1) & 3;
        int size = (int) (header >> 3);
        if (type == 3) {
            throw new FormatException(NAME, position - BLOCK_HEADER, "a block of the reserved type");
        }
        if (size > MAX_BLOCK) {
            throw new FormatException(
                    NAME, position - BLOCK_HEADER, "a block of %d bytes; the limit is %d".formatted(size, MAX_BLOCK));
        }
        take(type == 1 ? 1 : size, "a block");
        if ((header & 1) != 0) {
            state = checksum ? State.AT_CHECKSUM : State.BETWEEN_FRAMES;
        }
    }

    private void take(int count, String what) throws IOException {
        int got = in.readNBytes(unit, fill, count);
        position += got;
        if (got != count) {
            throw new FormatException(NAME, position, "ends within " + what);
        }
        fill += count;
    }

    private long contentSize(int at, int size) {
        return size == 2 ? number(at, size) + 256 : number(at, size);
    }

    private static long window(int descriptor) {
        long base = 1L << (10 + (descriptor >> 3));
        return base + base / 8 * (descriptor & 7);
    }

    private long number(int at, int size) {
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = (number << 8) | (unit[at + i] & 0xffL);
        }
        return number;
    }
}
