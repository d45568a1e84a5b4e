package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Copies a byte source to a file, which appears under its name only when it is complete. */
public final class CopiedFile {
    private static final int BUFFER = 1 << 18;

    private CopiedFile() {}

    /** Receives progress in bytes while the file is written. */
    @FunctionalInterface
    public interface Progress {
        void written(long done, long total);

        /** For files that nobody waits for: ignores progress. */
        static Progress none() {
            return (done, total) -> {};
        }
    }

    /** Copies and digests. An interrupt ends it and leaves nothing behind. */
    public static Sha256 write(ByteSource source, Path target, Progress progress) throws IOException {
        return WholeFile.write(target, out -> copy(source, out, target, progress));
    }

    private static Sha256 copy(ByteSource source, OutputStream out, Path target, Progress progress) throws IOException {
        MessageDigest digest = Sha256.begin();
        byte[] buffer = new byte[BUFFER];
        long done = 0;
        try (InputStream in = source.open()) {
            for (int count = in.readNBytes(buffer, 0, BUFFER); count > 0; count = in.readNBytes(buffer, 0, BUFFER)) {
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while writing " + target);
                }
                digest.update(buffer, 0, count);
                out.write(buffer, 0, count);
                done += count;
                progress.written(done, source.size());
            }
        }
        if (done != source.size()) {
            throw new IOException("%s: %d bytes instead of %d".formatted(target, done, source.size()));
        }
        return Sha256.finish(digest);
    }
}
