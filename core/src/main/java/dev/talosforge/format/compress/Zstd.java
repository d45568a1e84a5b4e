package dev.talosforge.format.compress;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.StreamDecoder;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The Zstandard format, RFC 8878, using the library's Java code: its native code would not give the same bytes
 * everywhere.
 *
 * <p>The encoder has one level, about zstd's 3.
 */
public final class Zstd {
    /** The level that an image made by {@link #blocks} records. */
    public static final int LEVEL = 3;

    /** The largest window that a stream may request, in bytes; also the kernel's limit for an initramfs. */
    public static final long MAX_WINDOW = 1L << 27;

    /** Offset of the flag that says whether the frame ends with a checksum. */
    private static final int DESCRIPTOR = 4;

    private static final int CHECKSUM_FLAG = 0x04;
    private static final int CHECKSUM_SIZE = 4;

    private Zstd() {}

    /**
     * Single-segment frames that state their size, so the window is the block. The kernel's SquashFS refuses frames
     * with a window larger than its block, although other readers accept them.
     */
    public static BlockCompressor blocks() {
        return (block, offset, length) -> {
            ZstdJavaCompressor compressor = new ZstdJavaCompressor();
            byte[] compressed = new byte[compressor.maxCompressedLength(length)];
            int size = compressor.compress(block, offset, length, compressed, 0, compressed.length);
            return withoutChecksum(compressed, size);
        };
    }

    /**
     * The kernel fails if a page of its output is requested before the checksum has arrived, which happens if a frame's
     * last four bytes straddle a page boundary: "data probably corrupt".
     */
    private static byte[] withoutChecksum(byte[] frame, int size) {
        if ((frame[DESCRIPTOR] & CHECKSUM_FLAG) == 0) {
            return Arrays.copyOf(frame, size);
        }
        byte[] bare = Arrays.copyOf(frame, size - CHECKSUM_SIZE);
        bare[DESCRIPTOR] &= ~CHECKSUM_FLAG;
        return bare;
    }

    /** Reads blocks of one or more frames. */
    public static BlockDecompressor decodeBlocks() {
        return (block, offset, length, limit) -> {
            if (length == 0) {
                throw new FormatException("zstd block", 0, "is empty");
            }
            byte[] content = new byte[limit];
            try {
                int size = new ZstdJavaDecompressor().decompress(block, offset, length, content, 0, limit);
                return size == limit ? content : Arrays.copyOf(content, size);
            } catch (RuntimeException e) {
                throw Broken.because("zstd block", 0, e);
            }
        };
    }

    /**
     * Reads frames, one after another, and skips skippable ones. A frame whose window is larger than
     * {@link #MAX_WINDOW} is a {@link FormatException}.
     */
    public static StreamDecoder decoder() {
        return compressed -> new GuardedInputStream(
                "zstd stream", compressed, () -> new ZstdInputStream(new ZstdFrames(compressed, MAX_WINDOW)));
    }

    /**
     * Compresses to one frame, with a checksum and a window of a few megabytes. Closing the result ends the frame and
     * leaves {@code out} open.
     */
    public static OutputStream encode(OutputStream out) throws IOException {
        return new ZstdJavaOutputStream(new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        });
    }
}
