package dev.talosforge.state;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NamedFailure;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Held while a unit is applied: a second run of the same unit is refused, whether own, Terraform's or OpenTofu's. It
 * is Terraform's own lock; a note beside the state says who holds it. The operating system releases it when the process
 * ends, for whatever reason; a note that remains then blocks nobody.
 */
public final class StateLock implements AutoCloseable {
    /**
     * The state files that this process has locked, by real path. Static, and the monitor for everything that opens a
     * state, because these locks belong to the process: closing a handle that was opened elsewhere releases them.
     */
    private static final Map<Path, StateLock> HELD = new HashMap<>();

    private final Path file;
    private final Path note;
    private final LockedFile locked;
    private final @Nullable String leftBy;

    private StateLock(Path file, Path note, LockedFile locked, @Nullable String leftBy) {
        this.file = file;
        this.note = note;
        this.locked = locked;
        this.leftBy = leftBy;
    }

    /**
     * Who takes the lock, for those it blocks.
     *
     * @param operation what is running, in one word: "apply"
     * @param who user@machine; empty if unknown
     * @param version of this program
     */
    public record Holder(String operation, String who, String version, InstantSource clock) {
        static final Holder UNNAMED = new Holder("apply", "", "", () -> Instant.EPOCH);

        LockInfo info(Path state) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            // The year 1 is Terraform's way of saying that a time is unknown.
            String created = now.equals(Instant.EPOCH) ? "0001-01-01T00:00:00Z" : now.toString();
            String unique = String.join(
                    "\0",
                    state.toString(),
                    who,
                    created,
                    String.valueOf(ProcessHandle.current().pid()));
            return new LockInfo(Uuids.of(unique), operation, "talos-forge", who, version, created, state.toString());
        }
    }

    /** As {@link #take(Path, Holder)}, without naming the holder. */
    public static StateLock take(Path path) throws IOException {
        return take(path, Holder.UNNAMED);
    }

    /** Locks the state at {@code path}, or says who holds it. */
    public static StateLock take(Path path, Holder holder) throws IOException {
        Path file = WholeFile.followed(path);
        Path note = LockInfo.beside(path.toAbsolutePath());
        synchronized (HELD) {
            LockedFile locked = HELD.containsKey(file) ? null : LockedFile.open(file);
            if (locked == null) {
                throw refused(path, note);
            }
            StateLock taken = null;
            try {
                LockInfo left = LockInfo.read(note);
                write(note, holder.info(path.toAbsolutePath()));
                taken = new StateLock(file, note, locked, left == null ? null : left.description());
                HELD.put(file, taken);
                return taken;
            } finally {
                if (taken == null) {
                    locked.close();
                }
            }
        }
    }

    private static void write(Path note, LockInfo info) throws IOException {
        byte[] content = info.json().getBytes(StandardCharsets.UTF_8);
        try (WholeFile file = WholeFile.beside(note)) {
            file.fill(out -> {
                out.write(content);
                return content.length;
            });
            if (Files.getFileStore(file.partial()).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(file.partial(), PosixFilePermissions.fromString("rw-------"));
            }
            file.publish();
        }
    }

    private static BuildException refused(Path path, Path note) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        LockInfo holder = LockInfo.read(note);
        return new BuildException(Problem.failed(
                        Problem.Kind.ENVIRONMENT, "cannot apply " + (folder == null ? path : folder))
                .because("the state %s is locked: %s"
                        .formatted(
                                path,
                                holder == null ? "its holder left no information in " + note : holder.description()))
                .trying("wait for it to end, then run the command again"));
    }

    /**
     * The content of a state; null if there is none. Read states only through this: it does not release a lock that
     * this process has.
     */
    static byte @Nullable [] read(Path path, int limit) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (found.isDirectory()) {
            throw new IOException("Terraform state %s is a folder".formatted(path));
        }
        Path file = WholeFile.followed(path);
        synchronized (HELD) {
            StateLock own = HELD.get(file);
            if (own != null && own.locked.held()) {
                return own.locked.read(bounded(path, own.locked.size(), limit));
            }
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
                byte[] bytes = new byte[bounded(path, open.length(), limit)];
                open.readFully(bytes);
                return bytes;
            } catch (FormatException e) {
                throw e;
            } catch (IOException e) {
                throw NamedFailure.of(path, e);
            }
        }
    }

    private static int bounded(Path path, long size, int limit) throws FormatException {
        if (size > limit) {
            throw new FormatException("Terraform state " + path, 0, "%d bytes; the limit is %d".formatted(size, limit));
        }
        return (int) size;
    }

    /** Replaces the state's content, under the lock that this process has or one taken for this. */
    static void replace(Path path, byte[] content) throws IOException {
        synchronized (HELD) {
            StateLock own = HELD.get(WholeFile.followed(path));
            if (own != null) {
                if (!own.held()) {
                    throw new IOException("the lock of %s was lost".formatted(path));
                }
                own.locked.replace(content);
                return;
            }
            try (StateLock taken = take(path)) {
                taken.locked.replace(content);
            }
        }
    }

    /** Whether the lock is still held: not if somebody removed or replaced the state behind our back. */
    public boolean held() {
        synchronized (HELD) {
            try {
                return locked.held();
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** The note that a killed run left: "apply by ann@build1 since …"; null if all runs ended properly. */
    public @Nullable String leftBy() {
        return leftBy;
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (HELD.remove(file, this)) {
                try {
                    Files.deleteIfExists(note);
                } finally {
                    locked.close();
                }
            }
        }
    }
}
