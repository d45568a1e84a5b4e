package dev.talosforge.engine;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CheckedSource;
import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NewFileStream;
import dev.talosforge.bytes.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A folder of blobs by their SHA-256 and of step results by their identity. Safe for several concurrent runs: a file
 * appears under its final name only once it is complete and on disk, and the second writer finds the same bytes.
 *
 * <pre>
 *   blobs/sha256/HEX      content
 *   results/HEX           the result of a step with that identity, in the step's own form, sealed
 *   made/HEX              the digest of that result, sealed; it outlives the result
 *   folders/HEX           a folder of files made by a step with that identity, for programs that need files
 *   logs/                 output of programs that steps ran
 *   tmp/                  files being written
 *   lock                  locked by every process that uses the store, see StoreLock
 * </pre>
 *
 * <p>The modification time of a blob or a result is its last use, to the day. A folder's last use is that of its
 * result.
 *
 * <p>Content is trusted only if its digest matches. Reading a damaged blob removes it and throws a
 * {@link DamagedException}; a damaged result, and anything but a file under a file's name, counts as missing.
 */
public final class Store {
    private final Path blobs;
    private final Path results;
    private final Path made;
    private final Path folders;
    private final Path logs;
    private final Path temporary;
    private final @Nullable InstantSource clock;
    private final ConcurrentMap<Sha256, Known> known = new ConcurrentHashMap<>();
    private final List<Sha256> damaged = Collections.synchronizedList(new ArrayList<>());

    /** A blob as found or written, valid as long as its file is the same. */
    private record Known(FileStamp stamp, ByteSource source) {}

    private Store(StoreFolders places, @Nullable InstantSource clock) throws IOException {
        this.blobs = Files.createDirectories(places.blobs());
        this.results = Files.createDirectories(places.results());
        this.made = Files.createDirectories(places.made());
        this.folders = places.folders();
        this.logs = places.logs();
        this.temporary = Files.createDirectories(places.temporary());
        this.clock = clock;
    }

    /** Opens the store and creates missing folders. Does not record last use. */
    public static Store open(Path root) throws IOException {
        return new Store(new StoreFolders(root), null);
    }

    /**
     * As {@link #open(Path)}, and records the last use of everything found, for {@link StoreCleaning}. If the store may
     * be cleaned, share a {@link StoreLock} before the first access and until the last.
     */
    public static Store open(Path root, InstantSource clock) throws IOException {
        return new Store(new StoreFolders(root), clock);
    }

    /** The blob, or null if the store does not have it. Reading a damaged blob throws a {@link DamagedException}. */
    public @Nullable ByteSource find(Sha256 digest) throws IOException {
        FileStamp stamp = used(path(digest));
        return stamp == null ? null : known(digest, stamp, false);
    }

    private @Nullable FileStamp used(Path file) throws IOException {
        FileStamp stamp = FileStamp.of(file);
        return stamp != null && clock != null && LastUse.note(file, stamp.modified(), clock.instant())
                ? FileStamp.of(file)
                : stamp;
    }

    private ByteSource known(Sha256 digest, FileStamp stamp, boolean proven) {
        Known before = known.get(digest);
        if (before != null && before.stamp().equals(stamp) && !proven) {
            return before.source();
        }
        ByteSource content = new ByteSource.OnDisk(path(digest), stamp.size());
        ByteSource source = new CheckedSource(content, digest, cause -> discarded(digest, stamp, cause), proven);
        known.put(digest, new Known(stamp, source));
        return source;
    }

    /**
     * A part of a stored blob, checked against its own digest, so that the rest need not be read.
     *
     * @param digest of the part
     */
    public ByteSource part(Sha256 blob, long offset, long size, Sha256 digest) throws IOException {
        FileStamp stamp = FileStamp.of(path(blob));
        ByteSource all = new ByteSource.OnDisk(path(blob), stamp == null ? 0 : stamp.size());
        return new CheckedSource(all.slice(offset, size), digest, cause -> discarded(blob, stamp, cause), false);
    }

    /** Removes a damaged blob, unless somebody has replaced its file in the meantime. */
    private DamagedException discarded(Sha256 digest, @Nullable FileStamp stamp, @Nullable IOException cause) {
        DamagedException failure = new DamagedException("the store's copy of %s is damaged".formatted(digest), cause);
        try {
            if (stamp != null && stamp.equals(FileStamp.of(path(digest)))) {
                Files.deleteIfExists(path(digest));
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        known.remove(digest);
        damaged.add(digest);
        return failure;
    }

    /** The blobs found damaged and removed so far, in this order. */
    public List<Sha256> damaged() {
        synchronized (damaged) {
            return List.copyOf(damaged);
        }
    }

    /** The path of a blob, present or not. */
    public Path path(Sha256 digest) {
        return blobs.resolve(digest.hex());
    }

    /** As {@link #path}, for writing a file there: anything else in its place is removed. */
    public Path place(Sha256 digest) throws IOException {
        Path file = path(digest);
        Disk.vacate(file);
        return file;
    }

    /** A new folder in the store's temporary folder, for the caller to fill and delete. */
    public Path temporaryFolder(String purpose) throws IOException {
        return Files.createTempDirectory(temporary, purpose + "-");
    }

    /** Writes a blob and computes its digest on the way. Leaves nothing behind if {@code content} throws. */
    public Sha256 put(Content content) throws IOException {
        Path file = temporaryFile();
        try {
            MessageDigest digest = Sha256.begin();
            try (NewFileStream out = NewFileStream.of(file)) {
                content.writeTo(new Interruptible(new DigestOutputStream(out, digest)));
                out.sync();
            }
            Sha256 sha256 = Sha256.finish(digest);
            place(file, sha256);
            return sha256;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Moves a complete file on the store's file system to its place. The caller vouches for the digest. */
    public void adopt(Path file, Sha256 digest) throws IOException {
        Disk.force(file);
        place(file, digest);
    }

    private void place(Path file, Sha256 digest) throws IOException {
        Disk.rename(file, path(digest));
        FileStamp stamp = FileStamp.of(path(digest));
        if (stamp != null) {
            known(digest, stamp, true);
        }
    }

    /** An unused path on the store's file system. */
    public Path temporaryFile() {
        return temporary.resolve(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ".part");
    }

    /** The result of a step with this identity, or null if none has run or the result is damaged. */
    public @Nullable ByteSource result(Sha256 identity) throws IOException {
        ByteSource result = sealed(results, identity);
        if (result != null) {
            used(results.resolve(identity.hex()));
        }
        return result;
    }

    /** Stores a step's result. Call this once the blobs it names are in place. */
    public void keep(Sha256 identity, Content result) throws IOException {
        Disk.forceFolder(blobs);
        seal(results, identity, result);
        Disk.forceFolder(results);
    }

    /** The digest of the last result of a step with this identity; null if unknown. */
    @Nullable
    Sha256 made(Sha256 identity) throws IOException {
        ByteSource text = sealed(made, identity);
        if (text == null) {
            return null;
        }
        try (InputStream in = text.open()) {
            return Sha256.read(in);
        } catch (FormatException e) {
            return null;
        }
    }

    void keepMade(Sha256 identity, Sha256 digest) throws IOException {
        seal(made, identity, out -> out.write(digest.hex().getBytes(StandardCharsets.US_ASCII)));
        Disk.forceFolder(made);
    }

    /** Removing this file means accepting another result. */
    Path madeRecord(Sha256 identity) {
        return made.resolve(identity.hex());
    }

    private static @Nullable ByteSource sealed(Path folder, Sha256 identity) throws IOException {
        Path file = folder.resolve(identity.hex());
        try {
            return FileStamp.of(file) == null ? null : SealedFile.read(file, purpose(folder), identity);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            return null; // unreadable means damaged: it is made again
        }
    }

    private void seal(Path folder, Sha256 identity, Content body) throws IOException {
        Path file = temporaryFile();
        try {
            SealedFile.write(file, purpose(folder), identity, body);
            Disk.rename(file, folder.resolve(identity.hex()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** A result never passes for a digest record, even if somebody puts it there. */
    private static String purpose(Path folder) {
        return String.valueOf(folder.getFileName());
    }

    /** The folder made by a step with this identity, or null. Its contents must not be changed. */
    public @Nullable Path folder(Sha256 identity) {
        Path folder = folders.resolve(identity.hex());
        return Files.isDirectory(folder) ? folder : null;
    }

    /**
     * Moves a damaged folder out of the way.
     *
     * @return its new path, for the caller to delete
     */
    public Path discardFolder(Sha256 identity) throws IOException {
        Path away = temporaryFolder("damaged");
        Files.move(folders.resolve(identity.hex()), away.resolve("folder"), StandardCopyOption.ATOMIC_MOVE);
        return away;
    }

    /**
     * Moves a complete folder, made below {@link #temporaryFolder}, to its place. If another run was faster, its folder
     * stays and the caller deletes its own.
     *
     * @return the final path
     */
    public Path adoptFolder(Path made, Sha256 identity) throws IOException {
        Path place = Files.createDirectories(folders).resolve(identity.hex());
        try {
            Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(place)) { // a non-empty folder is never replaced
                throw e;
            }
        }
        Disk.forceFolder(folders);
        return place;
    }

    /** The log of a program run by a step with this identity; the next run replaces it. */
    public Path log(String step, Sha256 identity) throws IOException {
        return Files.createDirectories(logs).resolve(step + "-" + identity.hex().substring(0, 16) + ".log");
    }

    /** File streams ignore interrupts; this one does not. */
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
}
