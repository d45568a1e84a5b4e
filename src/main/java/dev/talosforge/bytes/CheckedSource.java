package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Kept content that is believed only by its digest. A stream from the start is digested on its way and hands out its last
 * bytes only when they are right; what a reader leaves is read when it closes the stream. Who begins elsewhere waits until
 * all of it was read. What was right once is not digested again.
 *
 * <p>So nobody comes to the end of wrong bytes: reading or closing fails with a {@link DamagedException}, also where the
 * file is gone, cut, longer, or cannot be read.
 */
public final class CheckedSource implements ByteSource {
    private static final int BUFFER = 1 << 16;

    private final ByteSource content;
    private final Sha256 digest;
    private final Keeper keeper;
    private volatile boolean proven;

    /** Whoever kept the content, and is told once that it is damaged. */
    @FunctionalInterface
    public interface Keeper {
        /** The failure to throw. */
        DamagedException damaged(@Nullable IOException cause);
    }

    /**
     * Content to be checked.
     *
     * @param proven whether it is known to be right, as what was just written
     */
    public CheckedSource(ByteSource content, Sha256 digest, Keeper keeper, boolean proven) {
        this.content = content;
        this.digest = digest;
        this.keeper = keeper;
        this.proven = proven;
    }

    /** Whose bytes it hands out, and no others to their end. */
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
                settled = true; // says nothing of the content
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

        /** What nobody wanted is read all the same: somebody may have believed what came before it. */
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
