package dev.talosforge.format.fat;

import dev.talosforge.bytes.ByteSource;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The allocation table, computed while it is read: a volume of any size costs one run per file.
 *
 * @param runs in ascending order, without overlap
 * @param size in bytes
 */
record AllocationTable(FatType type, List<Run> runs, long size) implements ByteSource {
    private static final int CHUNK = 1 << 16;

    /** Consecutive clusters of one file or directory. */
    record Run(long first, long count) {
        long end() {
            return first + count;
        }
    }

    @Override
    public InputStream openAt(long offset) {
        return new Stream(offset);
    }

    private int entryBytes() {
        return type == FatType.FAT32 ? 4 : 2;
    }

    private long endOfChain() {
        return type == FatType.FAT32 ? 0x0FFFFFFFL : 0xFFFFL;
    }

    /** The bytes from {@code start}, a multiple of the chunk size, to the chunk's or the table's end. */
    private byte[] chunk(long start) {
        int length = (int) Math.min(CHUNK, size - start);
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        long from = start / entryBytes();
        long to = (start + length) / entryBytes();
        if (start == 0) {
            put(out, 0, endOfChain() & ~7L);
            put(out, 1, endOfChain());
        }
        for (int i = firstRunEndingAfter(from); i < runs.size() && runs.get(i).first() < to; i++) {
            Run run = runs.get(i);
            for (long cluster = Math.max(from, run.first()); cluster < Math.min(to, run.end()); cluster++) {
                put(out, cluster - from, cluster + 1 < run.end() ? cluster + 1 : endOfChain());
            }
        }
        return out.array();
    }

    private void put(ByteBuffer out, long index, long value) {
        int at = (int) index * entryBytes();
        if (type == FatType.FAT32) {
            out.putInt(at, (int) value);
        } else {
            out.putShort(at, (short) value);
        }
    }

    private int firstRunEndingAfter(long cluster) {
        int low = 0;
        int high = runs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (runs.get(middle).end() > cluster) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private final class Stream extends InputStream {
        private long position;
        private long chunkStart = -1;
        private byte[] chunk = {};

        Stream(long position) {
            this.position = position;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (position >= size) {
                return -1;
            }
            long start = position / CHUNK * CHUNK;
            if (start != chunkStart) {
                chunk = chunk(start);
                chunkStart = start;
            }
            int at = (int) (position - start);
            int count = Math.min(length, chunk.length - at);
            System.arraycopy(chunk, at, into, offset, count);
            position += count;
            return count;
        }
    }
}
