package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockCompressor;
import java.io.ByteArrayOutputStream;

/**
 * Collects a table: a run of bytes, cut into blocks of 8 KiB that are compressed each by itself.
 *
 * <pre>
 *   block*    u16 size (bit 15: stored as it is), content
 * </pre>
 *
 * <p>Tables are kept in memory: they are some dozens of bytes for each file.
 */
final class MetadataWriter {
    /** Before compression, in bytes. */
    static final int BLOCK = 8192;

    /** Set in a block's size when it is stored as it is. */
    static final int RAW = 0x8000;

    private final BlockCompressor compressor;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] block = new byte[BLOCK];
    private int fill;

    MetadataWriter(BlockCompressor compressor) {
        this.compressor = compressor;
    }

    /** Where the block that takes the next byte starts in the table, in bytes. */
    long blockStart() {
        return out.size();
    }

    /** Where the next byte goes in that block before compression, in bytes. */
    int offset() {
        return fill;
    }

    void write(byte[] bytes) {
        for (int done = 0; done < bytes.length; ) {
            int count = Math.min(bytes.length - done, BLOCK - fill);
            System.arraycopy(bytes, done, block, fill, count);
            done += count;
            fill += count;
            if (fill == BLOCK) {
                flush();
            }
        }
    }

    /** Ends the last block; nothing may be added to it later. */
    byte[] finish() {
        flush();
        return out.toByteArray();
    }

    private void flush() {
        if (fill > 0) {
            out.writeBytes(encode(compressor, block, fill));
            fill = 0;
        }
    }

    /** One block with its size before it. */
    static byte[] encode(BlockCompressor compressor, byte[] content, int length) {
        byte[] compressed = compressor.compress(content, 0, length);
        boolean raw = compressed.length >= length;
        byte[] stored = raw ? content : compressed;
        int size = raw ? length : compressed.length;
        byte[] encoded = new byte[Short.BYTES + size];
        int header = raw ? size | RAW : size;
        encoded[0] = (byte) header;
        encoded[1] = (byte) (header >>> 8);
        System.arraycopy(stored, 0, encoded, Short.BYTES, size);
        return encoded;
    }
}
