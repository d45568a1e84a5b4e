package dev.talosforge.engine;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.bytes.Turns;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a store: shared by its users, so that a path once found stays valid; exclusive for removals. The
 * operating system releases it when the process ends, for whatever reason.
 *
 * <p>A file lock belongs to the process, not to a thread, and closing any handle of the file releases it. So a process
 * keeps one handle, however many users it has itself.
 */
public final class StoreLock implements AutoCloseable {
    /** Turns at opening a store's lock file, by the store's real path; the exclusive holder keeps the turn. */
    private static final Turns<Path> TURNS = new Turns<>();

    /** Looked up only, never iterated. */
    private static final Map<Path, Shared> SHARED = new HashMap<>();

    /** The lock that this process shares with others. */
    private static final class Shared {
        /**
         * Null if the file system has no locks, or the file is not accessible: then nobody can clean up, or nobody sees
         * us.
         */
        private final @Nullable OpenFile file;

        private int users = 1;

        Shared(@Nullable OpenFile file) {
            this.file = file;
        }
    }

    private final Path store;

    /** Null if it is shared. */
    private final @Nullable OpenFile alone;

    private final AtomicBoolean closed = new AtomicBoolean();

    private StoreLock(Path store, @Nullable OpenFile alone) {
        this.store = store;
        this.alone = alone;
    }

    /** Joins the users of an existing store; waits for an exclusive holder, which takes seconds. */
    public static StoreLock shared(Path root) throws IOException {
        Path store = root.toRealPath();
        take(store);
        try {
            synchronized (SHARED) {
                Shared held = SHARED.get(store);
                if (held != null) {
                    held.users++;
                    return new StoreLock(store, null);
                }
            }
            Shared first = new Shared(locked(new StoreFolders(store).lock()));
            synchronized (SHARED) {
                SHARED.put(store, first);
            }
            return new StoreLock(store, null);
        } finally {
            TURNS.giveBack(store);
        }
    }

    private static @Nullable OpenFile locked(Path path) throws IOException {
        OpenFile file = null;
        boolean locked = false;
        try {
            file = open(path);
            file.lockShared();
            locked = true;
            return file;
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(path);
            }
            return null;
        } finally {
            if (file != null && !locked) {
                file.close();
            }
        }
    }

    private static OpenFile open(Path path) throws IOException {
        try {
            return openToLock(path);
        } catch (FileSystemException e) {
            return OpenFile.of(
                    path,
                    StandardOpenOption.READ,
                    LinkOption.NOFOLLOW_LINKS); // another user's store: read access is enough to share it
        }
    }

    /** Never create a file where a link leads. */
    private static OpenFile openToLock(Path path) throws IOException {
        return OpenFile.of(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Takes it exclusively; null if somebody is using the store, in this process or another. */
    public static @Nullable StoreLock alone(Path root) throws IOException {
        Path store = root.toRealPath();
        take(store);
        StoreLock taken = null;
        try {
            boolean used;
            synchronized (SHARED) {
                used = SHARED.containsKey(store);
            }
            OpenFile file = used ? null : lockedAlone(new StoreFolders(store).lock());
            taken = file == null ? null : new StoreLock(store, file);
            return taken;
        } finally {
            if (taken == null) {
                TURNS.giveBack(store);
            }
        }
    }

    private static @Nullable OpenFile lockedAlone(Path path) throws IOException {
        OpenFile file = openToLock(path);
        boolean locked = false;
        try {
            locked = file.tryLock() != null;
            return locked ? file : null;
        } finally {
            if (!locked) {
                file.close();
            }
        }
    }

    private static void take(Path store) throws IOException {
        try {
            TURNS.take(store);
        } catch (InterruptedException e) {
            throw interrupted(store);
        }
    }

    private static InterruptedIOException interrupted(Path path) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for " + path);
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (alone == null) {
            leave();
            return;
        }
        try {
            alone.close();
        } finally {
            TURNS.giveBack(store);
        }
    }

    private void leave() throws IOException {
        synchronized (SHARED) {
            Shared held = SHARED.get(store);
            if (held != null && --held.users == 0) {
                SHARED.remove(store);
                if (held.file != null) {
                    held.file.close(); // within the monitor: a handle opened afterwards takes its own lock
                }
            }
        }
    }
}
