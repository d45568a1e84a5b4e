package dev.talosforge.state;

import dev.talosforge.bytes.WholeFile;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A turn at reading, changing and writing a file that several runs and threads may want to change. It is taken on a file
 * beside it, which goes with the turn: the file itself is replaced with each change.
 */
public final class Turn implements AutoCloseable {
    private static final int TRIES = 1200;
    private static final int PAUSE_MILLIS = 25;

    /** The locks of files are the process's and tell no threads apart. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final LockedFile file;

    private Turn(LockedFile file) {
        this.file = file;
    }

    /** Waits for the turn, half a minute at most. */
    public static Turn at(Path path) throws IOException {
        Path real = WholeFile.followed(path);
        Path beside = real.resolveSibling(".%s.lock".formatted(real.getFileName()));
        THREADS.lock();
        boolean taken = false;
        try {
            for (int tried = 0; tried < TRIES; tried++) {
                LockedFile lock = LockedFile.open(beside);
                if (lock != null) {
                    taken = true;
                    return new Turn(lock);
                }
                pause(beside);
            }
        } finally {
            if (!taken) {
                THREADS.unlock();
            }
        }
        throw new BuildException(
                new Problem(
                        Problem.Kind.ENVIRONMENT,
                        "cannot change " + path,
                        null,
                        "another run held %s for %d seconds".formatted(beside, TRIES * PAUSE_MILLIS / 1000),
                        "wait for it to end or end it, then run the command again"),
                null);
    }

    private static void pause(Path beside) throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + beside);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            THREADS.unlock();
        }
    }
}
