package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NewFileStream;
import dev.talosforge.tree.DiskTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for what has to be unpacked before it can be read at any place. Closing it removes the folder; what was
 * unpacked is good until then.
 */
public final class Scratch implements Closeable {
    /** Of one thing that is unpacked, in bytes: more than any initramfs or boot image that starts. */
    static final long MAX_BYTES = 4L << 30;

    private final Path folder;
    private int files;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes a folder over.
     *
     * @param folder empty, and nobody else's
     */
    public static Scratch in(Path folder) {
        return new Scratch(folder);
    }

    /** A new folder in it. */
    Path folder() throws IOException {
        return Files.createDirectory(folder.resolve("folder-" + ++files));
    }

    /** Writes a stream to a file and does not close it. A stream of more than {@link #MAX_BYTES} is refused. */
    ByteSource keep(String structure, InputStream content) throws IOException {
        Path file = folder.resolve("file-" + ++files);
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        try (OutputStream out = NewFileStream.of(file)) {
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                size += count;
                if (size > MAX_BYTES) {
                    throw new FormatException(structure, MAX_BYTES, "more than %d bytes".formatted(MAX_BYTES));
                }
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while unpacking");
                }
                out.write(buffer, 0, count);
            }
        }
        return ByteSource.of(file);
    }

    @Override
    public void close() throws IOException {
        DiskTree.delete(folder);
    }
}
