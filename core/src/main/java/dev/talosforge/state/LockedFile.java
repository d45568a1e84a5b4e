package dev.talosforge.state;

import dev.talosforge.bytes.NamedFailure;
import dev.talosforge.bytes.WholeFile;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file under Terraform's kind of lock: a POSIX record lock on the whole state file itself.
 *
 * <p>Such a lock belongs to the file and the process, not to the name or the handle. Closing <em>any</em> handle of the
 * file releases it, so all reads in this process go through {@link #read}. A new file that is renamed over it is not
 * locked, so {@link #replace} locks it before renaming. Nothing here reads or writes through a channel: an interrupt
 * closes channels, and the lock would be lost.
 *
 * <p>Not thread-safe.
 */
final class LockedFile implements AutoCloseable {
    /**
     * The content of a file after another one took its name. A Terraform that waits for the lock has the old file open:
     * it would read an outdated state and write where nobody looks. This content makes it stop and say why.
     */
    private static final byte[] REPLACED = """
            {"version": 5, "terraform_version": "0.0.0-replaced-while-you-waited-run-it-again"}
            """.getBytes(StandardCharsets.US_ASCII);

    private static final int TRIES = 8;

    private final Path file;
    /** Whether the file was created for the lock and is removed with it. */
    private final boolean created;

    private RandomAccessFile open;
    private FileLock lock;
    private @Nullable Object key;

    private LockedFile(Path file, boolean created, RandomAccessFile open, FileLock lock, @Nullable Object key) {
        this.file = file;
        this.created = created;
        this.open = open;
        this.lock = lock;
        this.key = key;
    }

    /**
     * Locks the file and creates it if needed; null if another process has the lock. A file created here is removed
     * with the lock if it is still empty.
     */
    static @Nullable LockedFile open(Path file) throws IOException {
        return open(file, true);
    }

    /** As {@link #open(Path)}, for a file that exists only for its lock and is kept. */
    static @Nullable LockedFile lasting(Path file) throws IOException {
        return open(file, false);
    }

    private static @Nullable LockedFile open(Path file, boolean leaves) throws IOException {
        for (int tried = 0; tried < TRIES; tried++) {
            boolean created = create(file);
            Object key = key(file);
            RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
            LockedFile locked = null;
            try {
                FileLock lock = tryLock(file, open);
                if (lock == null) {
                    return null;
                }
                // Between opening and locking, somebody may have renamed another file over it.
                if (Objects.equals(key, key(file))) {
                    locked = new LockedFile(file, created && leaves, open, lock, key);
                    return locked;
                }
            } finally {
                if (locked == null) {
                    open.close();
                }
            }
        }
        return null;
    }

    private static boolean create(Path file) throws IOException {
        try {
            Files.createFile(file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static @Nullable FileLock tryLock(Path file, RandomAccessFile open) throws IOException {
        try {
            return open.getChannel().tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // the same file under another name, locked by this process
        } catch (IOException e) {
            throw NamedFailure.of(file, e);
        }
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return new Object(); // like no other
        }
    }

    /** Whether the lock is held and the name still refers to the locked file. */
    boolean held() throws IOException {
        return lock.isValid() && Objects.equals(key, key(file));
    }

    long size() throws IOException {
        return open.length();
    }

    byte[] read(int size) throws IOException {
        byte[] bytes = new byte[size];
        try {
            open.seek(0);
            open.readFully(bytes);
        } catch (IOException e) {
            throw NamedFailure.of(file, e);
        }
        return bytes;
    }

    /** Replaces the whole content atomically, without releasing the lock. */
    void replace(byte[] content) throws IOException {
        try (WholeFile next = WholeFile.beside(file)) {
            next.fill(out -> {
                out.write(content);
                return content.length;
            });
            File partial = next.partial().toFile();
            RandomAccessFile opened = new RandomAccessFile(partial, "rw");
            boolean taken = false;
            try {
                FileLock locked = tryLock(file, opened);
                if (locked == null) {
                    throw new IOException("cannot lock " + partial);
                }
                Object nextKey = key(next.partial());
                boolean shared = hasOtherNames();
                next.publish();
                RandomAccessFile old = open;
                open = opened;
                lock = locked;
                key = nextKey;
                taken = true;
                retire(old, shared);
            } finally {
                if (!taken) {
                    opened.close();
                }
            }
        }
    }

    private boolean hasOtherNames() throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return true;
        }
        return !Integer.valueOf(1).equals(Files.getAttribute(file, "unix:nlink"));
    }

    private static void retire(RandomAccessFile old, boolean shared) throws IOException {
        try (old) {
            if (!shared) {
                old.seek(0);
                old.write(REPLACED);
                old.setLength(REPLACED.length);
            }
        }
    }

    /** Releases the lock. A file that was created for it and is still empty is removed, as in Terraform. */
    @Override
    public void close() throws IOException {
        if (created && open.length() == 0 && held()) {
            boolean shared = hasOtherNames();
            Files.deleteIfExists(file);
            retire(open, shared);
        } else {
            open.close();
        }
    }
}
