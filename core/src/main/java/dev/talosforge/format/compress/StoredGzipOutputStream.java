package dev.talosforge.format.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/**
 * One member of stored blocks.
 *
 * <pre>
 *   block    u8 (1: last), u16 size, u16 size inverted, content
 * </pre>
 *
 * <p>Specification: RFC 1951, section 3.2.4. A stored block leaves the stream at a byte boundary, so nothing is
 * shifted.
 */
final class StoredGzipOutputStream extends OutputStream {
    private static final int MAX_BLOCK = 0xffff;
    private static final int BLOCK_HEADER = 5;

    private final OutputStream out;
    private final CRC32 crc = new CRC32();
    private final byte[] block = new byte[BLOCK_HEADER + MAX_BLOCK];
    private int fill;
    private long size;
    private boolean closed;

    StoredGzipOutputStream(OutputStream out) throws IOException {
        this.out = out;
        out.write(GzipFrame.header());
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("gzip stream is closed");
        }
        crc.update(bytes, offset, length);
        size += length;
        for (int done = 0; done < length; ) {
            if (fill == MAX_BLOCK) {
                block(false);
            }
            int count = Math.min(length - done, MAX_BLOCK - fill);
            System.arraycopy(bytes, offset + done, block, BLOCK_HEADER + fill, count);
            fill += count;
            done += count;
        }
    }

    /** Does not end a block, so flushing changes no byte. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        block(true);
        out.write(GzipFrame.trailer(crc.getValue(), size));
        out.flush();
    }

    private void block(boolean last) throws IOException {
        block[0] = (byte) (last ? 1 : 0);
        block[1] = (byte) fill;
        block[2] = (byte) (fill >>> 8);
        block[3] = (byte) ~fill;
        block[4] = (byte) (~fill >>> 8);
        out.write(block, 0, BLOCK_HEADER + fill);
        fill = 0;
    }
}
