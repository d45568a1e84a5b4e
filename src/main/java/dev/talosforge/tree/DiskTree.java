package dev.talosforge.tree;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads a folder of this machine as a tree. Symlinks stay symlinks; contents are read when they are needed. */
public final class DiskTree {
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
        String name =
                root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
        Attributes attributes = new Attributes(
                (int) number(path, "unix:mode") & 07777,
                number(path, "unix:uid"),
                number(path, "unix:gid"),
                Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000);
        if (Files.isSymbolicLink(path)) {
            return new Entry.Symlink(
                    name, attributes, Files.readSymbolicLink(path).toString());
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return new Entry.Directory(name, attributes);
        }
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return new Entry.RegularFile(name, attributes, ByteSource.of(path));
        }
        throw new LimitException("folder", path.toString(), "is neither a file, a folder nor a symbolic link");
    }

    private static long number(Path path, String attribute) throws IOException {
        // the JDK gives unsigned owners as an int
        return Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS) instanceof Integer value
                ? Integer.toUnsignedLong(value)
                : 0;
    }
}
