package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockCompressor;
import java.io.ByteArrayOutputStream;

/**
 * Collects a table: a run of bytes, split into blocks of 8 KiB that are compressed separately.
 *
 * <pre>
 *   block*    u16 size (bit 15: stored as it is), content
 * </pre>
 *
 * <p>Tables are kept in memory: they take a few dozen bytes per file.
 */
final class MetadataWriter {
    /** Before compression, in bytes. */
    static final int BLOCK = 8192;

    /** Set in the size of a block that is stored uncompressed. */
    static final int RAW = 0x8000;

    private final BlockCompressor compressor;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] block = new byte[BLOCK];
    private int fill;

    MetadataWriter(BlockCompressor compressor) {
        this.compressor = compressor;
    }

    /** Offset in the table of the block for the next byte, in bytes. */
    long blockStart() {
        return out.size();
    }

    /** Offset of the next byte in that block before compression, in bytes. */
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

    /** Ends the last block; nothing may be added afterwards. */
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

    /** One block, preceded by its size. */
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
