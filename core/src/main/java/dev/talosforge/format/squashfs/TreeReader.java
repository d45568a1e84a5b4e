package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.SharedAttributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows the directories from the root down. */
final class TreeReader {
    private static final String FORMAT = "squashfs";
    private static final String INODE = "squashfs inode";
    private static final String LISTING = "squashfs directory listing";
    private static final int MAX_ENTRIES = 1_000_000;
    private static final int MAX_NAME = 256;
    private static final int MAX_TARGET = 65535;

    private final Superblock superblock;
    private final MetadataReader metadata;
    private final DataReader data;
    private final long[] ids;
    private final LabelReader labels;
    private final SharedAttributes shared = new SharedAttributes();
    private final List<Entry> entries = new ArrayList<>();

    /** By inode reference: the first name seen of a file. */
    private final Map<Long, String> files = new HashMap<>();

    private final Set<Long> directories = new HashSet<>();
    private @Nullable Attributes root;

    TreeReader(Superblock superblock, MetadataReader metadata, DataReader data, long[] ids, LabelReader labels) {
        this.superblock = superblock;
        this.metadata = metadata;
        this.data = data;
        this.ids = ids;
        this.labels = labels;
    }

    FileTree read() throws IOException {
        Found found = inode(superblock.rootInode());
        if (!(found.inode() instanceof Inode.Directory directory)) {
            throw new FormatException("squashfs superblock", 32, "root_inode is not a directory");
        }
        root = attributes(found);
        directories.add(superblock.rootInode());
        list(".", directory, 1);
        return FileTree.of(entries);
    }

    /** After {@link #read}. */
    Attributes root() {
        if (root == null) {
            throw new IllegalStateException("not read yet");
        }
        return root;
    }

    /**
     * An inode and its position.
     *
     * @param rest of the inode's remaining data
     */
    private record Found(Inode inode, MetadataReader.Cursor rest, long block) {}

    private Found inode(long reference) throws IOException {
        long block = superblock.inodeTable() + (reference >>> 16);
        if (block < superblock.inodeTable() || block >= superblock.directoryTable()) {
            throw new FormatException(
                    INODE,
                    block,
                    "is outside the inode table, which is from %d to %d"
                            .formatted(superblock.inodeTable(), superblock.directoryTable()));
        }
        MetadataReader.Cursor cursor = metadata.at(new MetadataReader.Place(block, (int) (reference & 0xffff)));
        Inode.Header header = Inode.Header.read(cursor.read(Inode.Header.SIZE), block);
        byte[] body = cursor.read(Inode.bodySize(header.kind(block), header.extended()));
        return new Found(Inode.read(header, body, block), cursor, block);
    }

    private void list(String path, Inode.Directory directory, int depth) throws IOException {
        long left = directory.listing() - Inode.Directory.EMPTY;
        if (left <= 0) {
            return;
        }
        if (depth > FileTree.MAX_DEPTH) {
            throw new FormatException(
                    LISTING, directory.block(), "deeper than %d directories".formatted(FileTree.MAX_DEPTH));
        }
        long block = superblock.directoryTable() + directory.block();
        MetadataReader.Cursor cursor = metadata.at(new MetadataReader.Place(block, directory.offset()));
        byte[] previous = {};
        while (left > 0) {
            DirectoryHeader run = DirectoryHeader.read(cursor.read(DirectoryHeader.SIZE), cursor.position());
            left -= DirectoryHeader.SIZE;
            for (int i = 0; i < run.count(); i++) {
                DirectoryEntry entry = DirectoryEntry.read(cursor.read(DirectoryEntry.SIZE), cursor.position());
                if (entry.length() > MAX_NAME) {
                    throw new FormatException(
                            LISTING, cursor.position(), "a name of %d bytes".formatted(entry.length()));
                }
                byte[] name = cursor.read(entry.length());
                left -= DirectoryEntry.SIZE + name.length;
                if (left < 0) {
                    throw new FormatException(LISTING, cursor.position(), "its last entry extends beyond its end");
                }
                if (Arrays.compareUnsigned(previous, name) >= 0) {
                    throw new FormatException(LISTING, cursor.position(), "its names are not in order");
                }
                previous = name;
                add(child(path, name, cursor.position()), run, entry, depth, cursor.position());
            }
        }
    }

    private static String child(String directory, byte[] name, long position) throws IOException {
        String text = NameBytes.text(name);
        if (text.equals(".") || text.equals("..") || text.indexOf('/') >= 0 || text.indexOf('\0') >= 0) {
            throw new FormatException(LISTING, position, "\"%s\" cannot be a file name".formatted(text));
        }
        return directory.equals(".") ? text : directory + "/" + text;
    }

    private void add(String path, DirectoryHeader run, DirectoryEntry entry, int depth, long position)
            throws IOException {
        if (entries.size() >= MAX_ENTRIES) {
            throw new LimitException(FORMAT, path, "more than %d files".formatted(MAX_ENTRIES));
        }
        long reference = (run.block() << 16) | entry.offset();
        Found found = inode(reference);
        Inode.Header header = found.inode().header();
        if (header.number() != run.inode() + entry.delta()
                || entry.type() != header.kind(found.block()).number(false)) {
            throw new FormatException(
                    LISTING, position, "%s points to an inode with another number or type".formatted(path));
        }
        entries.add(entry(path, reference, found));
        if (found.inode() instanceof Inode.Directory directory) {
            if (!directories.add(reference)) {
                throw new FormatException(
                        LISTING, position, "%s points to a directory that was already read".formatted(path));
            }
            list(path, directory, depth + 1);
        }
    }

    private Entry entry(String path, long reference, Found found) throws IOException {
        return switch (found.inode()) {
            case Inode.Directory directory -> new Entry.Directory(path, attributes(found));
            case Inode.RegularFile file -> {
                Attributes attributes = attributes(found);
                String first = files.putIfAbsent(reference, path);
                yield first == null
                        ? new Entry.RegularFile(path, attributes, content(file, found))
                        : new Entry.HardLink(path, attributes, first);
            }
            case Inode.Symlink link -> {
                if (link.length() == 0 || link.length() > MAX_TARGET) {
                    throw new FormatException(INODE, found.block(), "symlink_size is %d".formatted(link.length()));
                }
                byte[] target = found.rest().read((int) link.length());
                Inode.Symlink whole = link.header().extended() ? link.withXattr(xattr(found.rest())) : link;
                yield new Entry.Symlink(path, attributes(whole, found.block()), NameBytes.text(target));
            }
            case Inode.Device device ->
                device.header().kind(found.block()) == InodeType.CHAR_DEVICE
                        ? new Entry.CharDevice(path, attributes(found), device.major(), device.minor())
                        : new Entry.BlockDevice(path, attributes(found), device.major(), device.minor());
            case Inode.Ipc ipc -> {
                if (ipc.header().kind(found.block()) == InodeType.SOCKET) {
                    throw new LimitException(FORMAT, path, "is a socket, which a file tree cannot hold");
                }
                yield new Entry.Fifo(path, attributes(found));
            }
        };
    }

    private StoredFile content(Inode.RegularFile file, Found found) throws FormatException {
        if (file.size() < 0 || file.start() < 0) {
            throw new FormatException(
                    INODE,
                    found.block(),
                    "file_size is %s, start_block %s"
                            .formatted(Long.toUnsignedString(file.size()), Long.toUnsignedString(file.start())));
        }
        return new StoredFile(data, file, found.rest().place());
    }

    private static long xattr(MetadataReader.Cursor cursor) throws IOException {
        long at = cursor.position();
        return FieldReader.littleEndian(INODE, cursor.read(Integer.BYTES), at).u32("xattr");
    }

    private Attributes attributes(Found found) throws IOException {
        return attributes(found.inode(), found.block());
    }

    private Attributes attributes(Inode inode, long block) throws IOException {
        Inode.Header header = inode.header();
        return shared.of(new Attributes(
                header.permissions(),
                id(header.uid(), block),
                id(header.gid(), block),
                header.modified(),
                labels.label(inode.xattr(), block)));
    }

    private long id(int index, long block) throws FormatException {
        if (index >= ids.length) {
            throw new FormatException(INODE, block, "owner %d of %d".formatted(index, ids.length));
        }
        return ids[index];
    }
}
