package dev.talosforge.state;

import dev.talosforge.bytes.Turns;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A turn to read, change and write a file that several runs and threads may want to change. The lock is on a file
 * beside it, because each change replaces the file itself. Any thread may release it; it is not reentrant.
 */
public final class Turn implements AutoCloseable {
    private static final int TRIES = 1200;
    private static final int PAUSE_MILLIS = 25;

    /**
     * The turns of this process, by the real path of the lock file. Static, because file locks belong to the process,
     * not to a thread.
     */
    private static final Turns<Path> TAKEN = new Turns<>();

    private final Path beside;
    private final LockedFile file;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Turn(Path beside, LockedFile file) {
        this.beside = beside;
        this.file = file;
    }

    /** Waits for the turn, half a minute at most for other runs. The lock file is removed with the turn. */
    public static Turn at(Path path) throws IOException {
        return take(path, LockedFile::open, "cannot change " + path);
    }

    /**
     * As {@link #at}, but keeps the lock file.
     *
     * @param what cannot be done if another run holds it for too long
     */
    static Turn lasting(Path path, String what) throws IOException {
        return take(path, LockedFile::lasting, what);
    }

    @FunctionalInterface
    private interface Lock {
        @Nullable
        LockedFile take(Path file) throws IOException;
    }

    private static Turn take(Path path, Lock lock, String what) throws IOException {
        Path real = WholeFile.followed(path);
        Path beside = real.resolveSibling(".%s.lock".formatted(real.getFileName()));
        try {
            TAKEN.take(beside);
        } catch (InterruptedException e) {
            throw interrupted(beside);
        }
        Turn taken = null;
        try {
            taken = new Turn(beside, locked(beside, lock, what));
            return taken;
        } finally {
            if (taken == null) {
                TAKEN.giveBack(beside);
            }
        }
    }

    private static LockedFile locked(Path beside, Lock lock, String what) throws IOException {
        for (int tried = 0; tried < TRIES; tried++) {
            LockedFile file = lock.take(beside);
            if (file != null) {
                return file;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(beside);
            }
        }
        throw new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, what)
                .because("another run has held %s for %d seconds".formatted(beside, TRIES * PAUSE_MILLIS / 1000))
                .trying("wait for it to end, or end it, then run the command again"));
    }

    private static InterruptedIOException interrupted(Path beside) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for " + beside);
    }

    /** Whether the lock is held and the lock file is still the locked one. */
    boolean held() throws IOException {
        return file.held();
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            try {
                file.close();
            } finally {
                TAKEN.giveBack(beside);
            }
        }
    }
}
