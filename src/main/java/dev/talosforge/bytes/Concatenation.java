package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several sources, read as one. Holds references, not bytes. */
final class Concatenation implements ByteSource {
    private final List<ByteSource> parts;

    /** Where part {@code i} starts, in bytes from the start of the whole; one more entry holds the end. */
    private final long[] starts;

    private Concatenation(List<ByteSource> parts, long[] starts) {
        this.parts = parts;
        this.starts = starts;
    }

    static ByteSource of(List<ByteSource> all) {
        List<ByteSource> parts = new ArrayList<>();
        for (ByteSource part : all) {
            if (part.size() > 0) {
                parts.add(part);
            }
        }
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        long[] starts = new long[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], parts.get(i).size());
        }
        return new Concatenation(List.copyOf(parts), starts);
    }

    @Override
    public long size() {
        return starts[parts.size()];
    }

    @Override
    public InputStream openAt(long offset) throws IOException {
        int part = java.util.Arrays.binarySearch(starts, offset);
        return new Stream(part >= 0 ? part : -part - 2, offset);
    }

    private final class Stream extends InputStream {
        private int next;
        private long skip;
        private @Nullable InputStream current;

        Stream(int part, long offset) {
            this.next = part;
            this.skip = part < parts.size() ? offset - starts[part] : 0;
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
            while (true) {
                if (current == null) {
                    if (next >= parts.size()) {
                        return -1;
                    }
                    current = parts.get(next).openAt(skip);
                    next++;
                    skip = 0;
                }
                int count = current.read(into, offset, length);
                if (count >= 0) {
                    return count;
                }
                close();
            }
        }

        @Override
        public void close() throws IOException {
            InputStream open = current;
            current = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
