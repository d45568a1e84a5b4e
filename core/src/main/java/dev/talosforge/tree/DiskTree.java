package dev.talosforge.tree;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.DiskName;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Reads, writes and removes a tree in a folder of this machine. Symlinks stay symlinks; file contents are read only
 * when they are needed.
 */
public final class DiskTree {
    /** The owner's bits, which allow everything with a folder. */
    private static final int RWX = 0700;

    private static final int MAX_ENTRIES = 1_000_000;

    private DiskTree() {}

    /** Owner, mode and time as on disk. Special files are a {@link LimitException}. */
    public static FileTree read(Path root) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                if (!path.equals(root)) {
                    entries.add(entry(root, path));
                }
                if (entries.size() > MAX_ENTRIES) {
                    throw new LimitException("folder", root.toString(), "more than %d files".formatted(MAX_ENTRIES));
                }
            }
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        return FileTree.of(entries);
    }

    private static Entry entry(Path root, Path path) throws IOException {
        String name = DiskName.of(root, path);
        Attributes attributes = new Attributes(
                (int) number(path, "unix:mode") & 07777,
                number(path, "unix:uid"),
                number(path, "unix:gid"),
                Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000);
        if (Files.isSymbolicLink(path)) {
            return new Entry.Symlink(name, attributes, DiskName.target(path));
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return new Entry.Directory(name, attributes);
        }
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return new Entry.RegularFile(name, attributes, ByteSource.of(path));
        }
        throw new LimitException("folder", path.toString(), "is neither a file, a folder nor a symbolic link");
    }

    /**
     * Writes a tree into a folder that is empty: contents, links, modes and times. Owners are those of this process,
     * and set-id bits are left out. Devices and pipes are a {@link LimitException}.
     *
     * @param written receives the number of bytes of contents written so far
     */
    public static void write(FileTree tree, Path root, LongConsumer written) throws IOException {
        long bytes = 0;
        List<Entry.HardLink> links = new ArrayList<>(); // written last: the file a link names may come after the link
        for (Entry entry : tree.entries()) {
            if (Thread.interrupted()) {
                throw new InterruptedIOException("interrupted while writing " + root);
            }
            Path path = DiskName.in(root, entry.path());
            switch (entry) {
                case Entry.Directory _ -> Files.createDirectory(path);
                case Entry.RegularFile file -> bytes += write(file, path);
                case Entry.HardLink link -> links.add(link);
                case Entry.Symlink link -> {
                    Files.createSymbolicLink(path, DiskName.targetPath(link.target()));
                    touch(path, link.attributes().modified());
                }
                case Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ ->
                    throw new LimitException("folder", entry.path(), "is neither a file, a folder nor a symbolic link");
            }
            written.accept(bytes);
        }
        for (Entry.HardLink link : links) {
            Files.createLink(DiskName.in(root, link.path()), DiskName.in(root, link.target()));
        }
        for (Entry entry : tree.entries().reversed()) { // after its contents, because the folder may be read-only
            if (entry instanceof Entry.Directory) {
                dress(entry, DiskName.in(root, entry.path()));
            }
        }
    }

    private static long write(Entry.RegularFile file, Path path) throws IOException {
        try (InputStream in = file.content().open();
                OutputStream out = Channels.newOutputStream(
                        OpenFile.of(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            in.transferTo(out);
        }
        dress(file, path);
        return file.content().size();
    }

    private static void dress(Entry entry, Path path) throws IOException {
        Files.setAttribute(path, "unix:mode", entry.attributes().permissions() & 0777);
        touch(path, entry.attributes().modified());
    }

    /** Sets the modification time; for a link, that of the link itself. */
    public static void touch(Path path, long modified) throws IOException {
        FileTime time = FileTime.from(modified, TimeUnit.SECONDS);
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, time, null);
    }

    /**
     * Removes a file, or a folder with everything in it, even what its modes protect. Does nothing if the path does not
     * exist.
     */
    public static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            unprotect(path);
            List<Path> children = new ArrayList<>();
            try (DirectoryStream<Path> listed = Files.newDirectoryStream(path)) {
                listed.forEach(children::add);
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            for (Path child : children) {
                delete(child);
            }
        }
        Files.deleteIfExists(path);
    }

    private static void unprotect(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            int mode = (int) number(folder, "unix:mode");
            if ((mode & RWX) != RWX) {
                Files.setAttribute(folder, "unix:mode", (mode & 07777) | RWX);
            }
        }
    }

    private static long number(Path path, String attribute) throws IOException {
        // the JDK returns unsigned owners as an int
        return Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS) instanceof Integer value
                ? Integer.toUnsignedLong(value)
                : 0;
    }
}
