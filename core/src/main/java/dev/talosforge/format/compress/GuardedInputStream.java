package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZIOException;

/**
 * A library's decoder, opened at the first read. All its ways of reporting broken bytes become a
 * {@link FormatException}; failures of the underlying stream pass unchanged.
 */
final class GuardedInputStream extends InputStream {
    private final String structure;
    private final InputStream compressed;
    private final Opener opener;
    private @Nullable InputStream decoded;
    private long position;
    private @Nullable FormatException broken;

    GuardedInputStream(String structure, InputStream compressed, Opener opener) {
        this.structure = structure;
        this.compressed = compressed;
        this.opener = opener;
    }

    /** Opens the library's decoder, which may already read. */
    interface Opener {
        InputStream open() throws IOException;
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
        if (broken != null) {
            throw broken;
        }
        try {
            if (decoded == null) {
                decoded = opener.open();
            }
            int count = decoded.read(into, offset, length);
            position += Math.max(count, 0);
            return count;
        } catch (XZIOException | EOFException | RuntimeException e) {
            broken = Broken.because(structure, position, e);
            throw broken;
        }
    }

    @Override
    public void close() throws IOException {
        compressed.close();
    }
}
