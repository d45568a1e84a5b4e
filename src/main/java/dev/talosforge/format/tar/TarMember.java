package dev.talosforge.format.tar;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One member of an archive that is being read, with pax records and GNU's long names applied.
 *
 * @param path without {@code .}, {@code ..} and empty steps, relative to the root; {@code "."} is the root
 * @param size of the content in bytes; zero for all but files
 * @param link a symbolic link's target as it stands; a hard link's as a path like {@code path}; else empty
 * @param major of a device, else zero
 * @param minor of a device, else zero
 * @param xattrs names of the extended attributes that the archive has for it and a tree does not keep, sorted
 * @param contentOffset where the content starts, in bytes from the start of the archive
 * @param sparse of a file of which the archive leaves zeros out; else null
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

    /** What kind of file it is. */
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
     * @param content of a file; nothing looks at it for another kind
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
