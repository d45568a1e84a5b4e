package dev.talosforge.bytes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Content of known size that can be read any number of times, by several threads at once.
 *
 * <p>That it can be re-read is what lets an upload be retried and a file be hashed before it is written. A one-shot
 * stream is spooled to the store first and is never a source. Sources are views: a {@link #slice} or a {@link #concat}
 * holds no bytes of its own, so that an image made of large files is laid out without being written anywhere.
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
                    structure, offset, "%d bytes are needed, the file ends at %d".formatted(length, size()));
        }
        try (InputStream in = openAt(offset)) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length != length) {
                throw new IOException("source changed while it was read: %d bytes at %d, expected %d"
                        .formatted(bytes.length, offset, length));
            }
            return bytes;
        }
    }

    /** The whole content; only for what is known to be small. */
    default byte[] readAll(String structure, int limit) throws IOException {
        if (size() > limit) {
            throw new FormatException(structure, 0, "%d bytes, at most %d are read".formatted(size(), limit));
        }
        return read(structure, 0, (int) size());
    }

    /** A window of this source; reading it reads this one. */
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

    /** The parts one after the other. */
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
                        "slice of %d bytes at %d is outside of %d bytes".formatted(size, offset, of.size()));
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

    /** Not a record: a record would hand its array out and compare it by identity. */
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
}
