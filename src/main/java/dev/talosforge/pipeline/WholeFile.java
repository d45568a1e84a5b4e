package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;

/** Writes a file that appears under its name only when it is complete. */
final class WholeFile {
    private static final int BUFFER = 1 << 18;

    private WholeFile() {}

    /** Told while bytes are written, in bytes. */
    @FunctionalInterface
    interface Progress {
        void written(long done, long total);

        /** For files that nobody waits for. */
        static Progress none() {
            return (done, total) -> {};
        }
    }

    /** Copies the source beside the target, then renames. Digested on the way. An interrupt ends it; nothing stays. */
    static Sha256 write(ByteSource source, Path target, Progress progress) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("not a file: " + target);
        }
        Files.createDirectories(folder);
        Path temporary = Files.createTempFile(folder, "." + target.getFileName(), ".part");
        try {
            MessageDigest digest = Sha256.begin();
            byte[] buffer = new byte[BUFFER];
            long done = 0;
            try (InputStream in = source.open();
                    OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.WRITE)) {
                for (int count = in.readNBytes(buffer, 0, BUFFER);
                        count > 0;
                        count = in.readNBytes(buffer, 0, BUFFER)) {
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
            if (Files.getFileStore(temporary).supportsFileAttributeView(PosixFileAttributeView.class)) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Sha256.finish(digest);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
