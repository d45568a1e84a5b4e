package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads volumes of any origin, with or without Rock Ridge; relocated directories are put back.
 *
 * <p>Files are views of the image. Without Rock Ridge, names are in lower case and without version, as Linux shows
 * them. Each directory is read only once, which rules out loops. Anything that breaks the format is a
 * {@link FormatException}.
 */
public final class IsoReader {
    /** More than any boot medium has; a bound for broken ones. */
    public static final int MAX_ENTRIES = 1 << 17;

    private static final int MAX_PATH = 4096;

    static final String NAME = "ISO 9660 directory";
    private static final int BLOCK = VolumeDescriptors.BLOCK;
    private static final long FIRST_DESCRIPTOR = 16;
    private static final int MAX_DESCRIPTORS = 64;
    private static final int MAX_DIRECTORY_BYTES = 64 << 20;
    private static final long MAX_ALL_DIRECTORY_BYTES = 256L << 20;
    private static final int MAX_EXTENTS = 1024;

    private final SystemUse.Areas areas = new SystemUse.Areas();

    private final ByteSource image;
    private final List<Entry> entries = new ArrayList<>();
    private final TreeSet<Long> visited = new TreeSet<>();
    private long directoryBytes;
    private int skipped;
    private boolean rockRidge;

    /** The contents of a volume. */
    public record Volume(IsoLabels labels, List<BootImage> bootImages, FileTree tree) {}

    /** A directory still to be read. {@code prefix} is empty for the root. */
    private record Pending(String prefix, long block, long size, int depth) {}

    private IsoReader(ByteSource image) {
        this.image = image;
    }

    /** Everything on the volume. */
    public static Volume read(ByteSource image) throws IOException {
        IsoReader reader = new IsoReader(image);
        byte[] primary = null;
        List<BootImage> bootImages = List.of();
        for (int i = 0; i < MAX_DESCRIPTORS; i++) {
            long at = (FIRST_DESCRIPTOR + i) * BLOCK;
            byte[] descriptor = image.read("ISO 9660 volume descriptor", at, BLOCK);
            if (!ascii(descriptor, 1, 5).equals(VolumeDescriptors.STANDARD)) {
                throw new FormatException("ISO 9660 volume descriptor", at, "not an ISO 9660 volume: no CD001");
            }
            int type = Byte.toUnsignedInt(descriptor[0]);
            if (type == VolumeDescriptors.TERMINATOR) {
                break;
            } else if (type == VolumeDescriptors.PRIMARY && primary == null) {
                primary = descriptor;
            } else if (type == VolumeDescriptors.BOOT
                    && ascii(descriptor, 7, 23).equals(VolumeDescriptors.EL_TORITO)) {
                bootImages = BootCatalog.read(image, descriptor);
            }
        }
        if (primary == null) {
            throw new FormatException(
                    "ISO 9660 volume descriptor", FIRST_DESCRIPTOR * BLOCK, "there is no primary descriptor");
        }
        return new Volume(labels(primary), bootImages, reader.tree(primary));
    }

    private static IsoLabels labels(byte[] primary) {
        return new IsoLabels(
                ascii(primary, 40, 32).stripTrailing(),
                ascii(primary, 190, 128).stripTrailing(),
                ascii(primary, 318, 128).stripTrailing(),
                ascii(primary, 446, 128).stripTrailing(),
                ascii(primary, 574, 128).stripTrailing());
    }

    private static String ascii(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    private FileTree tree(byte[] primary) throws IOException {
        long at = FIRST_DESCRIPTOR * BLOCK + 156;
        ParsedRecord root = ParsedRecord.of(Arrays.copyOfRange(primary, 156, 156 + 34), at);
        Deque<Pending> queue = new ArrayDeque<>();
        queue.add(new Pending("", root.block(), root.size(), 0));
        while (!queue.isEmpty()) {
            directory(queue.remove(), queue);
        }
        try {
            return FileTree.of(entries);
        } catch (LimitException e) {
            throw new FormatException(NAME, root.block() * BLOCK, String.valueOf(e.getMessage()));
        }
    }

    private void directory(Pending directory, Deque<Pending> queue) throws IOException {
        long start = directory.block() * BLOCK;
        if (!visited.add(directory.block())) {
            throw new FormatException(NAME, start, "the directory is in two places");
        }
        directoryBytes += directory.size();
        if (directory.size() > MAX_DIRECTORY_BYTES || directoryBytes > MAX_ALL_DIRECTORY_BYTES) {
            throw new FormatException(NAME, start, "directories of %d bytes".formatted(directoryBytes));
        }
        List<ParsedRecord> file = new ArrayList<>();
        for (long done = 0; done < directory.size(); done += BLOCK) {
            byte[] block = image.read(NAME, start + done, (int) Math.min(BLOCK, directory.size() - done));
            int at = 0;
            while (at < block.length && block[at] != 0) {
                int length = Byte.toUnsignedInt(block[at]);
                if (at + length > block.length) {
                    throw new FormatException(NAME, start + done + at, "the record crosses a block");
                }
                ParsedRecord record = ParsedRecord.of(Arrays.copyOfRange(block, at, at + length), start + done + at);
                at += length;
                if (record.isDots()) {
                    dots(directory, record);
                } else {
                    file.add(record);
                    if (file.size() > MAX_EXTENTS) {
                        throw new FormatException(NAME, record.at(), "more than %d extents".formatted(MAX_EXTENTS));
                    }
                    if (!record.continues()) {
                        entry(directory, file, queue);
                        file.clear();
                    }
                }
            }
        }
        if (!file.isEmpty()) {
            throw new FormatException(NAME, file.getFirst().at(), "the directory ends before the file's last extent");
        }
    }

    /** The root's own record tells whether the volume has Rock Ridge, and where in the field it starts. */
    private void dots(Pending directory, ParsedRecord record) {
        byte[] use = record.systemUse();
        boolean own = directory.depth() == 0 && record.identifier()[0] == 0;
        if (own && use.length >= 7 && use[0] == 'S' && use[1] == 'P') {
            rockRidge = true;
            skipped = Byte.toUnsignedInt(use[6]);
        }
    }

    private void entry(Pending directory, List<ParsedRecord> extents, Deque<Pending> queue) throws IOException {
        ParsedRecord record = extents.getFirst();
        if (entries.size() >= MAX_ENTRIES) {
            throw new FormatException(NAME, record.at(), "more than %d files".formatted(MAX_ENTRIES));
        }
        SystemUse use =
                rockRidge ? SystemUse.read(image, record.systemUse(), skipped, record.at(), areas) : SystemUse.NONE;
        if (use.relocated()) {
            return;
        }
        String path = directory.prefix() + name(record, use);
        if (path.length() > MAX_PATH) {
            throw new FormatException(NAME, record.at(), "a path of more than %d characters".formatted(MAX_PATH));
        }
        boolean folder = record.isDirectory() || use.child() >= 0;
        long modified = use.modified() == SystemUse.UNKNOWN ? record.recorded() : use.modified();
        int mode = use.mode() >= 0 ? use.mode() & 07777 : folder ? 0555 : 0444;
        Attributes attributes = new Attributes(mode, use.uid(), use.gid(), modified);
        if (folder) {
            if (directory.depth() + 1 >= FileTree.MAX_DEPTH) {
                throw new FormatException(
                        NAME, record.at(), "deeper than %d directories".formatted(FileTree.MAX_DEPTH));
            }
            entries.add(new Entry.Directory(path, attributes));
            queue.add(pending(path + "/", record, use, directory.depth() + 1));
            return;
        }
        String target = use.target();
        int type = use.mode() >= 0 ? use.mode() & RockRidge.S_IFMT : RockRidge.S_IFREG;
        entries.add(
                switch (type) {
                    case RockRidge.S_IFLNK -> new Entry.Symlink(path, attributes, need(target, record, "no target"));
                    case RockRidge.S_IFREG -> new Entry.RegularFile(path, attributes, content(extents));
                    case RockRidge.S_IFIFO -> new Entry.Fifo(path, attributes);
                    case RockRidge.S_IFCHR ->
                        new Entry.CharDevice(path, attributes, use.deviceMajor(), use.deviceMinor());
                    case RockRidge.S_IFBLK ->
                        new Entry.BlockDevice(path, attributes, use.deviceMajor(), use.deviceMinor());
                    default ->
                        throw new FormatException(NAME, record.at(), "file type 0%o is not supported".formatted(type));
                });
    }

    private static String need(@Nullable String value, ParsedRecord record, String what) throws FormatException {
        if (value == null) {
            throw new FormatException(NAME, record.at(), what);
        }
        return value;
    }

    /** A child link gives only the position; the size is in the directory's own record. */
    private Pending pending(String prefix, ParsedRecord record, SystemUse use, int depth) throws IOException {
        if (use.child() < 0) {
            return new Pending(prefix, record.block(), record.size(), depth);
        }
        long at = use.child() * BLOCK;
        byte[] block = image.read(NAME, at, BLOCK);
        ParsedRecord own = ParsedRecord.of(Arrays.copyOf(block, Math.max(34, Byte.toUnsignedInt(block[0]))), at);
        return new Pending(prefix, own.block(), own.size(), depth);
    }

    private ByteSource content(List<ParsedRecord> extents) throws FormatException {
        List<ByteSource> parts = new ArrayList<>();
        for (ParsedRecord extent : extents) {
            long at = extent.block() * BLOCK;
            if (extent.size() > 0) {
                if (at > image.size() - extent.size()) {
                    throw new FormatException(
                            NAME,
                            extent.at(),
                            "%d bytes at block %d are outside the image".formatted(extent.size(), extent.block()));
                }
                parts.add(image.slice(at, extent.size()));
            }
        }
        return ByteSource.concat(parts);
    }

    private static String name(ParsedRecord record, SystemUse use) throws FormatException {
        String name = use.name();
        if (name == null) {
            name = ascii(record.identifier(), 0, record.identifier().length).toLowerCase(java.util.Locale.ROOT);
            int version = name.lastIndexOf(';');
            name = version < 0 ? name : name.substring(0, version);
            name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        }
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new FormatException(NAME, record.at(), "\"%s\" is not a file name".formatted(name));
        }
        return name;
    }
}
