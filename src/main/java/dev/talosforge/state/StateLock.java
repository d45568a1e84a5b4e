package dev.talosforge.state;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Held while a unit is applied: a second run of the same unit is refused. The operating system gives it back when the
 * process ends, however it ends, so a lock is never left behind.
 */
public final class StateLock implements AutoCloseable {
    /**
     * Files that this process has locked or is about to. Static, because the operating system's locks are the process's:
     * closing a second channel of a file would give back the lock that was taken through the first one.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private StateLock(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /** Locks the state at {@code path}, or says that somebody else holds it. */
    public static StateLock take(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path name = path.resolveSibling("." + path.getFileName() + ".forge.lock");
        Path file = folder == null ? name : folder.toRealPath().resolve(String.valueOf(name.getFileName()));
        if (!OURS.add(file)) {
            throw refused(path, name);
        }
        StateLock taken = null;
        try {
            taken = lock(file);
        } finally {
            if (taken == null) {
                OURS.remove(file);
            }
        }
        if (taken == null) {
            throw refused(path, name);
        }
        return taken;
    }

    /** Null when another process holds it. */
    private static @Nullable StateLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            return lock == null ? null : new StateLock(file, channel, lock);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static BuildException refused(Path path, Path lock) {
        Path folder = path.toAbsolutePath().getParent();
        return new BuildException(
                new Problem(
                        Problem.Kind.ENVIRONMENT,
                        "cannot apply " + (folder == null ? path : folder),
                        null,
                        "another run holds the lock " + lock,
                        "wait for it to end, then run the command again"),
                null);
    }

    /** Whether it is still held: an interrupt while the file was in use takes it away. */
    public boolean held() {
        return lock.isValid();
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OURS.remove(file);
        }
    }
}
