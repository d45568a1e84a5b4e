package dev.talosforge.format.fat;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Reads FAT16 and FAT32 volumes of any origin.
 *
 * <p>Files are views of the image. Every cluster may belong to only one file, which rules out loops and endless chains.
 * Anything that breaks the format is a {@link FormatException}. Times are read as UTC. Files are 0644, or 0444 if
 * read-only, directories 0755, all owned by root.
 */
public final class FatReader {
    /** More than any boot volume has; a bound for broken ones. */
    public static final int MAX_ENTRIES = 1 << 17;

    private static final int MAX_PATH = 4096;
    private static final String NAME = "FAT directory";
    private static final int MAX_DIRECTORY_BYTES = 65536 * DirectoryEntry.SIZE;

    private final ByteSource image;
    private final BootSector.Parsed boot;
    private final ClusterChains chains;
    private final List<Entry> entries = new ArrayList<>();

    /** A directory still to be read. {@code path} is empty for the root. */
    private record Pending(String path, long cluster, int depth) {}

    private FatReader(ByteSource image, BootSector.Parsed boot) {
        this.image = image;
        this.boot = boot;
        this.chains = new ClusterChains(image, boot);
    }

    /** The contents of the volume. */
    public static FileTree read(ByteSource image) throws IOException {
        BootSector.Parsed boot = BootSector.read(image.read(BootSector.NAME, 0, FatGeometry.SECTOR), image.size());
        FatReader reader = new FatReader(image, boot);
        reader.walk();
        try {
            return FileTree.of(reader.entries);
        } catch (LimitException e) {
            throw new FormatException(NAME, boot.rootOffset(), String.valueOf(e.getMessage()));
        }
    }

    /** The volume's label from the boot sector, and its serial number as {@code 1234-ABCD}. */
    public static Volume volume(ByteSource image) throws IOException {
        BootSector.Parsed boot = BootSector.read(image.read(BootSector.NAME, 0, FatGeometry.SECTOR), image.size());
        return new Volume(
                boot.type(),
                boot.label(),
                String.format(Locale.ROOT, "%04X-%04X", boot.serial() >>> 16, boot.serial() & 0xFFFF));
    }

    /** What a volume says about itself. */
    public record Volume(FatType type, String label, String serial) {}

    private void walk() throws IOException {
        Deque<Pending> queue = new ArrayDeque<>();
        queue.add(new Pending("", boot.rootCluster(), 0));
        while (!queue.isEmpty()) {
            Pending directory = queue.remove();
            directory(directory, content(directory), queue);
        }
    }

    private byte[] content(Pending directory) throws IOException {
        if (directory.depth() == 0 && boot.type() == FatType.FAT16) {
            return image.read(NAME, boot.rootOffset(), boot.rootEntries() * DirectoryEntry.SIZE);
        }
        List<ByteSource> parts = chains.whole(directory.cluster(), MAX_DIRECTORY_BYTES);
        return ByteSource.concat(parts).readAll(NAME, MAX_DIRECTORY_BYTES);
    }

    private void directory(Pending directory, byte[] bytes, Deque<Pending> queue) throws IOException {
        LongNameParts parts = new LongNameParts();
        for (int at = 0; at + DirectoryEntry.SIZE <= bytes.length && bytes[at] != 0; at += DirectoryEntry.SIZE) {
            byte[] record = java.util.Arrays.copyOfRange(bytes, at, at + DirectoryEntry.SIZE);
            int attributes = record[11] & 0x3F;
            if (Byte.toUnsignedInt(record[0]) == 0xE5) {
                parts.clear();
            } else if (attributes == DirectoryEntry.LONG_NAME) {
                parts.add(record);
            } else if ((attributes & DirectoryEntry.VOLUME_LABEL) != 0 || record[0] == '.') {
                parts.clear();
            } else {
                entry(directory, record, parts.take(record), queue);
            }
        }
    }

    private void entry(Pending directory, byte[] record, String name, Deque<Pending> queue) throws IOException {
        if (entries.size() >= MAX_ENTRIES) {
            throw new FormatException(NAME, 0, "more than %d files".formatted(MAX_ENTRIES));
        }
        FieldReader in = FieldReader.littleEndian("FAT directory entry", record, 0);
        in.bytes("DIR_Name", 11);
        int attributes = in.u8("DIR_Attr");
        in.bytes("DIR_NTRes to DIR_LstAccDate", 8);
        long high = in.u16("DIR_FstClusHI");
        int time = in.u16("DIR_WrtTime");
        int date = in.u16("DIR_WrtDate");
        long cluster = in.u16("DIR_FstClusLO") | (boot.type() == FatType.FAT32 ? high << 16 : 0);
        long size = in.u32("DIR_FileSize");
        String path = directory.path() + name;
        if (path.length() > MAX_PATH) {
            throw new FormatException(NAME, boot.rootOffset(), "a path of more than %d characters".formatted(MAX_PATH));
        }
        long modified = new FatTime(date, time).seconds();
        if ((attributes & DirectoryEntry.DIRECTORY) != 0) {
            if (directory.depth() + 1 >= FileTree.MAX_DEPTH) {
                throw new FormatException(
                        NAME, boot.rootOffset(), "deeper than %d directories".formatted(FileTree.MAX_DEPTH));
            }
            entries.add(new Entry.Directory(path, Attributes.root(0755, modified)));
            queue.add(new Pending(path + "/", cluster, directory.depth() + 1));
        } else {
            int mode = (attributes & DirectoryEntry.READ_ONLY) != 0 ? 0444 : 0644;
            ByteSource content = ByteSource.concat(chains.exactly(cluster, size));
            entries.add(new Entry.RegularFile(path, Attributes.root(mode, modified), content));
        }
    }

    /** Collects a long name; parts that do not belong to the entry after them are leftovers of other systems. */
    private static final class LongNameParts {
        private static final int MAX_PARTS = 20;

        private final StringBuilder name = new StringBuilder();
        private int expected;
        private int checksum;

        void clear() {
            name.setLength(0);
            expected = 0;
        }

        void add(byte[] record) {
            int order = Byte.toUnsignedInt(record[0]);
            int number = order & ~DirectoryEntry.LAST_PART;
            if ((order & DirectoryEntry.LAST_PART) != 0) {
                clear();
                expected = number <= MAX_PARTS ? number : 0;
                checksum = Byte.toUnsignedInt(record[13]);
            }
            if (number == 0 || number != expected || checksum != Byte.toUnsignedInt(record[13])) {
                clear();
                return;
            }
            String part = new String(record, 1, 10, StandardCharsets.UTF_16LE)
                    + new String(record, 14, 12, StandardCharsets.UTF_16LE)
                    + new String(record, 28, 4, StandardCharsets.UTF_16LE);
            name.insert(0, part);
            expected = number - 1;
        }

        /** The name of a short entry: the long name before it, or its own. */
        String take(byte[] record) throws FormatException {
            byte[] shortName = java.util.Arrays.copyOf(record, 11);
            boolean complete = expected == 0 && !name.isEmpty() && checksum == FatName.checksum(shortName);
            String found = complete ? untilNul(name.toString()) : shortName(record);
            clear();
            if (found.isEmpty() || found.equals(".") || found.equals("..") || found.indexOf('/') >= 0) {
                throw new FormatException(NAME, 0, "\"%s\" is not a file name".formatted(found));
            }
            return found;
        }

        private static String untilNul(String text) {
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }

        private static String shortName(byte[] record) throws FormatException {
            for (int i = 0; i < 11; i++) {
                if (record[i] < 0x20) {
                    throw new FormatException(
                            NAME, 0, "byte 0x%02x in a short name is not supported".formatted(record[i] & 0xFF));
                }
            }
            String base = new String(record, 0, 8, StandardCharsets.US_ASCII).stripTrailing();
            String extension = new String(record, 8, 3, StandardCharsets.US_ASCII).stripTrailing();
            base = (record[12] & FatName.BASE_IS_LOWER) != 0 ? base.toLowerCase(Locale.ROOT) : base;
            extension = (record[12] & FatName.EXTENSION_IS_LOWER) != 0 ? extension.toLowerCase(Locale.ROOT) : extension;
            return extension.isEmpty() ? base : base + "." + extension;
        }
    }
}
