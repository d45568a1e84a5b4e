package dev.talosforge.engine;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.tree.DiskTree;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Makes files survive a power failure intact. */
final class Disk {
    private Disk() {}

    /** Waits until the file's bytes are on disk. */
    static void force(Path file) throws IOException {
        try (OpenFile open = OpenFile.of(file, StandardOpenOption.WRITE)) {
            open.force();
        }
    }

    /** Waits until the names in a folder are on disk. */
    static void forceFolder(Path folder) throws IOException {
        WholeFile.forceFolder(folder);
    }

    /** Renames atomically, replacing an existing file. Anything else in its place is removed first. */
    static void rename(Path from, Path to) throws IOException {
        vacate(to);
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("cannot rename %s to %s in one step".formatted(from, to), e);
        }
    }

    /** Removes anything but a file from a file's place: a folder, a link, a pipe. */
    static void vacate(Path place) throws IOException {
        if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            DiskTree.delete(place);
        }
    }
}
