package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Stored content that is trusted only if its digest matches. A stream from the start is digested as it is read and
 * returns its last bytes only if the digest is right; closing it reads whatever the reader left unread. A stream that
 * starts elsewhere waits until all of the content has been checked. Content that was right once is not digested again.
 *
 * <p>So no reader ever reaches the end of wrong bytes: reading or closing fails with a {@link DamagedException}, also
 * if the file is gone, truncated, longer, or unreadable.
 */
public final class CheckedSource implements ByteSource {
    private static final int BUFFER = 1 << 16;

    private final ByteSource content;
    private final Sha256 digest;
    private final Keeper keeper;
    private volatile boolean proven;

    /** The keeper of the content, notified once when it turns out to be damaged. */
    @FunctionalInterface
    public interface Keeper {
        /** The failure to throw. */
        DamagedException damaged(@Nullable IOException cause);
    }

    /**
     * Content to be checked.
     *
     * @param proven whether the content is known to be right, such as what was just written
     */
    public CheckedSource(ByteSource content, Sha256 digest, Keeper keeper, boolean proven) {
        this.content = content;
        this.digest = digest;
        this.keeper = keeper;
        this.proven = proven;
    }

    /** The file whose bytes are returned; no other file's bytes are ever returned to their end. */
    public Sha256 digest() {
        return digest;
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public InputStream openAt(long offset) throws IOException {
        if (offset > 0 && !proven) {
            try (InputStream whole = openAt(0)) {
                whole.skipNBytes(size());
            }
        }
        try {
            return proven ? content.openAt(offset) : new Proving(content.openAt(0));
        } catch (NoSuchFileException e) {
            throw keeper.damaged(e);
        }
    }

    private final class Proving extends InputStream {
        private final InputStream in;
        private final MessageDigest found = Sha256.begin();
        private long count;
        private boolean settled;

        Proving(InputStream in) throws IOException {
            this.in = in;
            if (size() == 0) {
                try {
                    settle();
                } catch (IOException e) {
                    in.close();
                    throw e;
                }
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read;
            try {
                read = in.read(into, offset, length);
            } catch (InterruptedIOException | ClosedByInterruptException e) {
                settled = true; // tells nothing about the content
                throw e;
            } catch (IOException e) {
                settled = true;
                throw keeper.damaged(e);
            }
            if (read > 0) {
                found.update(into, offset, read);
                count += read;
            }
            if (!settled && (count >= size() || (read < 0 && length > 0))) {
                settle();
            }
            return read;
        }

        private void settle() throws IOException {
            settled = true;
            if (count != size() || !Sha256.finish(found).equals(digest)) {
                throw keeper.damaged(null);
            }
            proven = true;
        }

        /** The unread rest is read all the same: the reader may already have trusted what came before it. */
        @Override
        public void close() throws IOException {
            try (in) {
                byte[] buffer = new byte[settled || proven ? 0 : BUFFER];
                while (!settled && !proven && !Thread.currentThread().isInterrupted()) {
                    read(buffer, 0, buffer.length);
                }
            }
        }
    }
}
