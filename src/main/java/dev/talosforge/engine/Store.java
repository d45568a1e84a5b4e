package dev.talosforge.engine;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A folder of blobs by their SHA-256 and of step results by their identity. Safe to be used by several runs at once: a
 * file appears under its final name only when it is complete, and whoever comes second finds the same bytes.
 *
 * <pre>
 *   blobs/sha256/HEX      content
 *   results/HEX           what a step with that identity made: a small text of the step's own
 *   folders/HEX           a folder of files that a step with that identity made, for programs that need files
 *   logs/                 what programs said that steps ran
 *   tmp/                  what is being written
 * </pre>
 */
public final class Store {
    private static final int MAX_RESULT = 64 << 20;

    private final Path blobs;
    private final Path results;
    private final Path folders;
    private final Path logs;
    private final Path temporary;

    private Store(Path root) throws IOException {
        this.blobs = Files.createDirectories(root.resolve("blobs").resolve("sha256"));
        this.results = Files.createDirectories(root.resolve("results"));
        this.folders = root.resolve("folders");
        this.logs = root.resolve("logs");
        this.temporary = Files.createDirectories(root.resolve("tmp"));
    }

    /** Opens the store, and makes its folders where there are none. */
    public static Store open(Path root) throws IOException {
        return new Store(root);
    }

    /** The blob, or null when it is not here. */
    public @Nullable ByteSource find(Sha256 digest) throws IOException {
        Path file = path(digest);
        try {
            return ByteSource.of(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Where a blob of that digest is or would be. */
    public Path path(Sha256 digest) {
        return blobs.resolve(digest.hex());
    }

    /** A new folder below the store's own temporary one, for the caller to fill and to delete. */
    public Path temporaryFolder(String purpose) throws IOException {
        return Files.createTempDirectory(temporary, purpose + "-");
    }

    /** Writes a blob; its digest falls out of the writing. Nothing stays when {@code content} throws. */
    public Sha256 put(Content content) throws IOException {
        Path file = temporaryFile();
        try {
            MessageDigest digest = Sha256.begin();
            try (OutputStream out = new DigestOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), digest)) {
                content.writeTo(new Interruptible(out));
            }
            Sha256 sha256 = Sha256.finish(digest);
            adopt(file, sha256);
            return sha256;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Moves a complete file of the store's own file system to its place. The caller vouches for the digest. */
    public void adopt(Path file, Sha256 digest) throws IOException {
        rename(file, path(digest));
    }

    /** A name that nothing has yet, on the store's file system. */
    public Path temporaryFile() {
        return temporary.resolve(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ".part");
    }

    /** What a step with this identity left, or null when none has run. */
    public byte @Nullable [] result(Sha256 identity) throws IOException {
        Path file = results.resolve(identity.hex());
        try {
            return ByteSource.of(file).readAll("step result", MAX_RESULT);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Leaves a step's result. Called after the blobs it names are in place. */
    public void keep(Sha256 identity, byte[] result) throws IOException {
        Path file = temporaryFile();
        try {
            Files.write(file, result, StandardOpenOption.CREATE_NEW);
            rename(file, results.resolve(identity.hex()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The folder that a step with this identity made, or null when it is not here. Nobody may change what is in it. */
    public @Nullable Path folder(Sha256 identity) {
        Path folder = folders.resolve(identity.hex());
        return Files.isDirectory(folder) ? folder : null;
    }

    /**
     * Puts a complete folder, made below {@link #temporaryFolder}, to its place. Where another run was faster, its folder
     * stays, and the caller's is the caller's to delete.
     *
     * @return the place
     */
    public Path adoptFolder(Path made, Sha256 identity) throws IOException {
        Path place = Files.createDirectories(folders).resolve(identity.hex());
        try {
            Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(place)) { // a folder that has something in it is never replaced
                throw e;
            }
        }
        return place;
    }

    /** Where a program's output is kept that a step with this identity runs; the next run replaces it. */
    public Path log(String step, Sha256 identity) throws IOException {
        return Files.createDirectories(logs).resolve(step + "-" + identity.hex().substring(0, 16) + ".log");
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("cannot rename %s to %s in one step".formatted(from, to), e);
        }
    }

    /** Files do not end when their thread is interrupted: this does. */
    private static final class Interruptible extends FilterOutputStream {
        Interruptible(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (Thread.interrupted()) {
                throw new InterruptedIOException("interrupted while writing to the store");
            }
            out.write(bytes, offset, length);
        }
    }

    /** Writes a blob's bytes, once. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
