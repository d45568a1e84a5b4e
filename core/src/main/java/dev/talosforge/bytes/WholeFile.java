package dev.talosforge.bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears under its name when it is complete and safe on disk, or not at all. It is written beside its
 * target under a unique name, forced to disk and renamed; then its folder is forced to disk. An existing target keeps
 * its permissions and, where allowed, its owner; a symbolic link stays a link and its target is replaced.
 *
 * <p>{@link #write} does all of this. To do something between writing and renaming, take the steps one by one:
 * {@link #beside}, {@link #fill}, {@link #publish}, and {@link #close} in any case.
 */
public final class WholeFile implements AutoCloseable {
    private static final int MAX_LINKS = 40;
    private static final AtomicLong COUNT = new AtomicLong();

    private final Path target;
    private final Path partial;

    private WholeFile(Path target, Path partial) {
        this.target = target;
        this.partial = partial;
    }

    /** Writes the content and returns something about it. */
    @FunctionalInterface
    public interface Content<T> {
        T write(OutputStream out) throws IOException;
    }

    public static void write(Path target, byte[] content) throws IOException {
        write(target, out -> {
            out.write(content);
            return content.length;
        });
    }

    public static <T> T write(Path target, Content<T> content) throws IOException {
        try (WholeFile file = beside(target)) {
            T result = file.fill(content);
            file.publish();
            return result;
        }
    }

    /** Creates an empty file beside the target, and the target's folder if needed. */
    public static WholeFile beside(Path target) throws IOException {
        Path real = followed(target);
        Path folder = folderOf(real);
        Path partial = null;
        while (partial == null) {
            partial = created(folder.resolve(".%s.%d-%d.part"
                    .formatted(real.getFileName(), ProcessHandle.current().pid(), COUNT.incrementAndGet())));
        }
        return new WholeFile(real, partial);
    }

    /**
     * Null if a killed process with the same number, here or on another machine, left such a file: it is not ours to
     * take.
     */
    private static @Nullable Path created(Path file) throws IOException {
        try {
            return Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return null;
        }
    }

    /**
     * Where a write to the path would end up, with symbolic links followed, even to a file that does not exist yet.
     * Creates the folder if needed; the result's folder contains no links.
     */
    public static Path followed(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(at); links++) {
            if (links == MAX_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        Path folder = folderOf(at);
        Files.createDirectories(folder);
        return folder.toRealPath().resolve(at.normalize().getFileName());
    }

    private static Path folderOf(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("not a file: " + file);
        }
        return folder;
    }

    /** The file that holds the bytes until they are published. */
    public Path partial() {
        return partial;
    }

    /** Writes the bytes and forces them to disk, with the permissions of the target that they will replace. */
    public <T> T fill(Content<T> content) throws IOException {
        return fill(content, target);
    }

    /** As {@link #fill(Content)}, with the permissions of another file if that one exists. */
    public <T> T fill(Content<T> content, Path like) throws IOException {
        PosixFileAttributes wanted = attributes(like);
        if (wanted != null) {
            adopt(wanted);
        }
        try (NewFileStream out = NewFileStream.of(target, partial)) {
            T result = content.write(out);
            out.sync();
            return result;
        }
    }

    private void adopt(PosixFileAttributes wanted) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(partial, PosixFileAttributeView.class);
        view.setPermissions(wanted.permissions());
        PosixFileAttributes own = view.readAttributes();
        if (!own.owner().equals(wanted.owner()) || !own.group().equals(wanted.group())) {
            try {
                view.setGroup(wanted.group());
                view.setOwner(wanted.owner());
            } catch (FileSystemException e) {
                return; // only the superuser may do this; for everybody else the file is their own from here on
            }
        }
    }

    private static @Nullable PosixFileAttributes attributes(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        return view == null || Files.notExists(path) ? null : view.readAttributes();
    }

    /** Gives the file its name. From here on it exists, whatever happens. */
    public void publish() throws IOException {
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(folderOf(target));
    }

    /** Waits until a folder's names are on disk. */
    public static void forceFolder(Path folder) throws IOException {
        if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) == null) {
            return; // a folder cannot be opened there
        }
        try (OpenFile entries = OpenFile.of(folder, StandardOpenOption.READ)) {
            entries.force();
        } catch (ClosedByInterruptException e) {
            return; // the thread stays interrupted, and the file exists
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(partial);
    }
}
