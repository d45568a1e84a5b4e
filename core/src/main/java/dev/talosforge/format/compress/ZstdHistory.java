package dev.talosforge.format.compress;

/** The last bytes of a frame's content, as far back as matches may reach. Memory grows with the content. */
final class ZstdHistory {
    private static final int CHUNK_BITS = 20;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final byte[][] chunks;
    private long written;

    /** @param reach in bytes; must cover what is written and not yet taken */
    ZstdHistory(long reach) {
        this.chunks = new byte[Math.toIntExact((reach + CHUNK - 1) >> CHUNK_BITS)][];
    }

    long written() {
        return written;
    }

    void append(byte[] from, int offset, int length) {
        for (int done = 0; done < length; ) {
            int at = (int) written & (CHUNK - 1);
            int count = Math.min(length - done, CHUNK - at);
            System.arraycopy(from, offset + done, chunk(written), at, count);
            written += count;
            done += count;
        }
    }

    void fill(byte value, int length) {
        for (int i = 0; i < length; i++) {
            chunk(written)[(int) written & (CHUNK - 1)] = value;
            written++;
        }
    }

    /** Repeats what was written {@code distance} bytes ago; the source may overlap the output. */
    void repeat(long distance, int length) {
        for (int done = 0; done < length; ) {
            long source = written - distance;
            int from = (int) source & (CHUNK - 1);
            int to = (int) written & (CHUNK - 1);
            int count = Math.min(length - done, CHUNK - Math.max(from, to));
            byte[] read = chunk(source);
            byte[] write = chunk(written);
            if (distance >= count) {
                System.arraycopy(read, from, write, to, count);
            } else {
                for (int i = 0; i < count; i++) {
                    write[to + i] = read[from + i];
                }
            }
            written += count;
            done += count;
        }
    }

    /** Copies a piece of the content from {@code position} on; returns its length. */
    int take(long position, byte[] into, int offset, int length) {
        int at = (int) position & (CHUNK - 1);
        int count = (int) Math.min(Math.min(length, CHUNK - at), written - position);
        System.arraycopy(chunk(position), at, into, offset, count);
        return count;
    }

    private byte[] chunk(long position) {
        int number = (int) ((position >> CHUNK_BITS) % chunks.length);
        byte[] chunk = chunks[number];
        if (chunk == null) {
            chunk = new byte[CHUNK];
            chunks[number] = chunk;
        }
        return chunk;
    }
}
