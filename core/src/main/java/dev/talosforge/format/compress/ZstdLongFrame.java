package dev.talosforge.format.compress;

import io.airlift.compress.v3.xxhash.XxHash64JavaHasher;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decodes one frame with a window larger than the 8 MiB of the library's stream decoder, as written by
 * {@code zstd --long} and by levels from 20 on. RFC 8878.
 */
final class ZstdLongFrame extends InputStream {
    private static final int RAW = 0;
    private static final int RLE = 1;

    private final ZstdFrames frame;
    private final ZstdHistory content;
    private final ZstdBlockDecoder blocks;
    private final byte[] block = new byte[ZstdBlockDecoder.MAX_BLOCK + Long.BYTES];
    private final XxHash64JavaHasher checksum = new XxHash64JavaHasher(0);
    private long taken;
    private boolean last;
    private boolean ended;

    /** @param frame positioned after the frame's header */
    ZstdLongFrame(ZstdFrames frame) {
        this.frame = frame;
        this.content = new ZstdHistory(frame.window() + 2L * ZstdBlockDecoder.MAX_BLOCK);
        this.blocks = new ZstdBlockDecoder(content, frame.window());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (taken == content.written()) {
            if (last) {
                end();
                return -1;
            }
            block();
        }
        int count = content.take(taken, into, offset, length);
        checksum.update(into, offset, count);
        taken += count;
        return count;
    }

    private void block() throws IOException {
        int header = (int) number(3);
        last = (header & 1) != 0;
        int size = header >>> 3;
        switch ((header >> 1) & 3) {
            case RAW -> {
                fill(size);
                content.append(block, 0, size);
            }
            case RLE -> {
                fill(1);
                content.fill(block[0], size);
            }
            default -> {
                fill(size);
                blocks.decode(block, size);
            }
        }
    }

    private void end() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        if (frame.contentSize() >= 0 && frame.contentSize() != taken) {
            throw Broken.block("the frame has %d bytes; its header says %d".formatted(taken, frame.contentSize()));
        }
        if (frame.hasChecksum() && number(4) != (checksum.digest() & 0xffffffffL)) {
            throw Broken.block("the content does not match its checksum");
        }
    }

    private long number(int size) throws IOException {
        fill(size);
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = (number << 8) | (block[i] & 0xffL);
        }
        return number;
    }

    private void fill(int size) throws IOException {
        if (frame.readNBytes(block, 0, size) != size) {
            throw Broken.block("ends within a block");
        }
    }
}
