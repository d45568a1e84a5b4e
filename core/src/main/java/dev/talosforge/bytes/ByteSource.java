package dev.talosforge.bytes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Content of known size that can be read any number of times, by several threads at once.
 *
 * <p>Because it can be read again, an upload can be retried and a file can be hashed before it is written. A one-shot
 * stream is spooled to the store first and is never a source. Sources are views: a {@link #slice} or a {@link #concat}
 * holds no bytes itself, so an image made of large files is laid out without being written anywhere.
 */
public interface ByteSource {
    /** In bytes. */
    long size();

    /**
     * The bytes from {@code offset} to the end. The caller closes it.
     *
     * @param offset in bytes, from 0 to {@link #size} inclusive
     */
    InputStream openAt(long offset) throws IOException;

    /** The caller closes it. */
    default InputStream open() throws IOException {
        return openAt(0);
    }

    /** Reads exactly {@code length} bytes at {@code offset}; a source that ends before is a {@link FormatException}. */
    default byte[] read(String structure, long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new FormatException(
                    structure, offset, "needs %d bytes, but the file ends at %d".formatted(length, size()));
        }
        try (InputStream in = openAt(offset)) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length != length) {
                throw new IOException("source changed while it was being read: %d bytes at %d, expected %d"
                        .formatted(bytes.length, offset, length));
            }
            return bytes;
        }
    }

    /** The whole content; only for sources known to be small. */
    default byte[] readAll(String structure, int limit) throws IOException {
        if (size() > limit) {
            throw new FormatException(structure, 0, "%d bytes; the limit is %d".formatted(size(), limit));
        }
        return read(structure, 0, (int) size());
    }

    /** A window onto this source; reading it reads this source. */
    default ByteSource slice(long offset, long length) {
        return new Slice(this, offset, length);
    }

    static ByteSource of(Path file) throws IOException {
        return new OnDisk(file, Files.size(file));
    }

    static ByteSource of(byte[] bytes) {
        return new InMemory(bytes.clone());
    }

    static ByteSource empty() {
        return InMemory.EMPTY;
    }

    static ByteSource zeros(long size) {
        return new Zeros(size);
    }

    /** The parts, one after another. */
    static ByteSource concat(List<ByteSource> parts) {
        return Concatenation.of(parts);
    }

    record OnDisk(Path file, long size) implements ByteSource {
        @Override
        public InputStream openAt(long offset) throws IOException {
            var channel = OpenFile.of(file);
            try {
                channel.position(offset);
                return java.nio.channels.Channels.newInputStream(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    record Slice(ByteSource of, long offset, long size) implements ByteSource {
        public Slice {
            if (offset < 0 || size < 0 || offset > of.size() - size) {
                throw new IllegalArgumentException(
                        "slice of %d bytes at %d is outside a source of %d bytes".formatted(size, offset, of.size()));
            }
        }

        @Override
        public InputStream openAt(long at) throws IOException {
            return new LimitedInputStream(of.openAt(offset + at), size - at);
        }
    }

    record Zeros(long size) implements ByteSource {
        @Override
        public InputStream openAt(long offset) {
            return new ZeroInputStream(size - offset);
        }
    }

    /** Not a record: a record would expose its array and compare it by identity. */
    final class InMemory implements ByteSource {
        private static final InMemory EMPTY = new InMemory(new byte[0]);

        private final byte[] bytes;

        private InMemory(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream openAt(long offset) {
            return new ByteArrayInputStream(bytes, Math.toIntExact(offset), bytes.length - Math.toIntExact(offset));
        }
    }

    /** Several sources read as one. Holds references, not bytes. */
    final class Concatenation implements ByteSource {
        private final List<ByteSource> parts;

        /** Where part {@code i} starts, in bytes from the start of the whole; one more entry holds the end. */
        private final long[] starts;

        private Concatenation(List<ByteSource> parts, long[] starts) {
            this.parts = parts;
            this.starts = starts;
        }

        private static ByteSource of(List<ByteSource> all) {
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
            int part = Arrays.binarySearch(starts, offset);
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
}
