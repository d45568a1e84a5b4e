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
 * A folder for contents that must be unpacked for random access. Closing it removes the folder; unpacked files are
 * valid until then.
 */
public final class Scratch implements Closeable {
    /** The limit for one unpacked file, in bytes: more than any bootable initramfs or boot image. */
    static final long MAX_BYTES = 4L << 30;

    private final Path folder;
    private int files;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes ownership of a folder.
     *
     * @param folder empty, and used by no one else
     */
    public static Scratch in(Path folder) {
        return new Scratch(folder);
    }

    /** Creates a folder in it. */
    Path folder() throws IOException {
        return Files.createDirectory(folder.resolve("folder-" + ++files));
    }

    /** Writes a stream to a file without closing the stream. A stream of more than {@link #MAX_BYTES} is refused. */
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
