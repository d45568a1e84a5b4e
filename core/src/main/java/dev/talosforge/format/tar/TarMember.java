package dev.talosforge.format.tar;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One member of an archive being read, with pax records and GNU's long names applied.
 *
 * @param path without {@code .}, {@code ..} and empty segments, relative to the root; {@code "."} is the root
 * @param size of the content in bytes; zero for everything but files
 * @param link a symbolic link's target, unchanged; a hard link's as a path like {@code path}; otherwise empty
 * @param major of a device, otherwise zero
 * @param minor of a device, otherwise zero
 * @param xattrs sorted names of its extended attributes that a tree does not keep
 * @param contentOffset offset of the content, in bytes from the start of the archive
 * @param sparse the map of a file with zeros that the archive leaves out; otherwise null
 */
public record TarMember(
        String path,
        Kind kind,
        Attributes attributes,
        long size,
        String link,
        int major,
        int minor,
        List<String> xattrs,
        long contentOffset,
        @Nullable SparseMap sparse) {
    public TarMember {
        xattrs = List.copyOf(xattrs);
    }

    /** The kind of file. */
    public enum Kind {
        FILE,
        HARD_LINK,
        SYMLINK,
        CHAR_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        FIFO
    }

    /** A file's content as a view of the archive. */
    public ByteSource contentIn(ByteSource archive) {
        return sparse == null
                ? archive.slice(contentOffset, size)
                : sparse.over(archive.slice(contentOffset, sparse.stored()));
    }

    /**
     * The member as an entry of a tree.
     *
     * @param content of a file; ignored for other kinds
     */
    public Entry toEntry(ByteSource content) {
        return switch (kind) {
            case FILE -> new Entry.RegularFile(path, attributes, content);
            case HARD_LINK -> new Entry.HardLink(path, attributes, link);
            case SYMLINK -> new Entry.Symlink(path, attributes, link);
            case CHAR_DEVICE -> new Entry.CharDevice(path, attributes, major, minor);
            case BLOCK_DEVICE -> new Entry.BlockDevice(path, attributes, major, minor);
            case DIRECTORY -> new Entry.Directory(path, attributes);
            case FIFO -> new Entry.Fifo(path, attributes);
        };
    }
}
