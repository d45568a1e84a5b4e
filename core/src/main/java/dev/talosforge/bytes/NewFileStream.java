package dev.talosforge.bytes;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes a file from its start and names it in every failure. Not a channel: an interrupt would close a channel midway.
 */
public final class NewFileStream extends OutputStream {
    private final Path target;
    private final Path partial;
    private final FileOutputStream out;

    private NewFileStream(Path target, Path partial) throws IOException {
        this.target = target;
        this.partial = partial;
        this.out = new FileOutputStream(partial.toFile());
    }

    /**
     * Opens it.
     *
     * @param target the final path, for messages
     * @param partial the file to write
     */
    public static NewFileStream of(Path target, Path partial) throws IOException {
        return new NewFileStream(target, partial);
    }

    public static NewFileStream of(Path file) throws IOException {
        return new NewFileStream(file, file);
    }

    @Override
    public void write(int value) throws IOException {
        try {
            out.write(value);
        } catch (IOException e) {
            throw NamedFailure.of(target, partial, e);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw NamedFailure.of(target, partial, e);
        }
    }

    /** Waits until everything is on disk: otherwise a power cut could leave an empty file under the name. */
    public void sync() throws IOException {
        try {
            out.getFD().sync();
        } catch (IOException e) {
            throw NamedFailure.of(target, partial, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (IOException e) {
            throw NamedFailure.of(target, partial, e);
        }
    }
}
