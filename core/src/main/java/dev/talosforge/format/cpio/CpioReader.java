package dev.talosforge.format.cpio;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.SharedAttributes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads "newc" cpio archives as the Linux kernel reads an initramfs: one or several, each at a multiple of four bytes,
 * with zeros between them, up to the first byte that starts neither, which counts as a compressed segment.
 *
 * <p>An archive that ends after a member, without a trailer, is accepted, as by the kernel. A truncated member, a name
 * that leaves the root and anything else that is broken is a {@link FormatException}.
 */
public final class CpioReader {
    private static final String STRUCTURE = "cpio archive";
    private static final int MAX_MEMBERS = 500_000;
    private static final int WINDOW = 1 << 16;

    private final ByteSource source;
    private final List<Entry> entries = new ArrayList<>();
    /** By device and inode: the index of the file's first name in {@link #entries}. */
    private final Map<String, Integer> firstNames = new TreeMap<>();

    private final SharedAttributes attributes = new SharedAttributes();

    /** The last bytes read, so that not every member needs its own file access. */
    private byte[] window = {};

    private long windowAt;
    private int archives;
    private long position;

    private CpioReader(ByteSource source) {
        this.source = source;
    }

    /** Reads from the start; contents are views of {@code source}. */
    public static CpioContents read(ByteSource source) throws IOException {
        CpioReader reader = new CpioReader(source);
        reader.skipZeros();
        while (reader.position < source.size() && reader.startsArchive()) {
            reader.archive();
            reader.skipZeros();
        }
        if (reader.position < source.size() && reader.archives > 0 && reader.position % 4 != 0 && reader.isDigit()) {
            throw new FormatException(
                    STRUCTURE,
                    reader.position,
                    "the kernel refuses an archive that does not start at a multiple of 4 bytes");
        }
        return new CpioContents(reader.entries, reader.archives, reader.position);
    }

    private boolean startsArchive() throws IOException {
        return position % CpioArchive.ALIGNMENT == 0 && isDigit();
    }

    private byte[] head(String structure, long at, int length) throws IOException {
        long from = at - windowAt;
        if (from < 0 || from + length > window.length) {
            int size = (int) Math.max(length, Math.min(WINDOW, source.size() - at));
            window = source.read(structure, at, size);
            windowAt = at;
            from = 0;
        }
        return Arrays.copyOfRange(window, (int) from, (int) from + length);
    }

    private boolean isDigit() throws IOException {
        return head(STRUCTURE, position, 1)[0] == '0';
    }

    private void archive() throws IOException {
        archives++;
        firstNames.clear();
        while (position < source.size() && head(STRUCTURE, position, 1)[0] == '0') {
            if (!member()) {
                return;
            }
        }
    }

    /** False if it was the trailer. */
    private boolean member() throws IOException {
        long start = position;
        CpioHeader header = CpioHeader.read(head("cpio header", start, CpioHeader.SIZE), start);
        if (header.nameSize() < 2 || header.nameSize() > CpioArchive.MAX_NAME) {
            throw new FormatException(
                    STRUCTURE,
                    start,
                    "a name of %d bytes; the limits are 2 to %d with the NUL"
                            .formatted(header.nameSize(), CpioArchive.MAX_NAME));
        }
        String name = name(start + CpioHeader.SIZE, (int) header.nameSize());
        long dataAt = align(start + CpioHeader.SIZE + header.nameSize());
        if (header.fileSize() > 0 && dataAt > source.size() - header.fileSize()) {
            throw new FormatException(
                    STRUCTURE, start, "the content of %s extends beyond the end of the file".formatted(name));
        }
        position = Math.min(source.size(), align(dataAt + header.fileSize()));
        if (name.equals(CpioArchive.TRAILER)) {
            return false;
        }
        if (entries.size() >= MAX_MEMBERS) {
            throw new FormatException(STRUCTURE, start, "more than %d members".formatted(MAX_MEMBERS));
        }
        ByteSource content = header.fileSize() == 0 ? ByteSource.empty() : source.slice(dataAt, header.fileSize());
        boolean summed = header.summed() && (header.mode() & CpioArchive.S_IFMT) == CpioArchive.S_IFREG;
        if (summed && content.size() > 0 && sum(content) != header.checksum()) {
            throw new FormatException(
                    STRUCTURE, dataAt, "the content of %s does not match its checksum".formatted(name));
        }
        add(header, path(name, start), content, start);
        return true;
    }

    private void add(CpioHeader header, String path, ByteSource content, long at) throws IOException {
        Attributes own = attributes.of(
                new Attributes((int) (header.mode() & 07777), header.uid(), header.gid(), header.mtime()));
        long type = header.mode() & CpioArchive.S_IFMT;
        if (type == CpioArchive.S_IFREG) {
            regular(header, path, own, content);
        } else if (type == CpioArchive.S_IFLNK) {
            String target = text(content.readAll("cpio symlink", CpioArchive.MAX_NAME - 1), at);
            entries.add(new Entry.Symlink(path, own, target));
        } else if (content.size() != 0) {
            throw new FormatException(STRUCTURE, at, path + " has content but is neither a file nor a symbolic link");
        } else if (type == CpioArchive.S_IFDIR) {
            entries.add(new Entry.Directory(path, own));
        } else if (type == CpioArchive.S_IFCHR) {
            entries.add(
                    new Entry.CharDevice(path, own, device(header.rdevMajor(), at), device(header.rdevMinor(), at)));
        } else if (type == CpioArchive.S_IFBLK) {
            entries.add(
                    new Entry.BlockDevice(path, own, device(header.rdevMajor(), at), device(header.rdevMinor(), at)));
        } else if (type == CpioArchive.S_IFIFO) {
            entries.add(new Entry.Fifo(path, own));
        } else {
            throw new FormatException(STRUCTURE, at, "%s has the unsupported mode 0%o".formatted(path, header.mode()));
        }
    }

    private void regular(CpioHeader header, String path, Attributes own, ByteSource content) {
        String inode = "%d:%d:%d".formatted(header.devMajor(), header.devMinor(), header.inode());
        Integer first = header.links() > 1 ? firstNames.putIfAbsent(inode, entries.size()) : null;
        if (first == null) {
            entries.add(new Entry.RegularFile(path, own, content));
            return;
        }
        String target = entries.get(first).path();
        if (content.size() > 0) {
            entries.set(first, new Entry.RegularFile(target, own, content));
        }
        if (!target.equals(path)) {
            entries.add(new Entry.HardLink(path, own, target));
        }
    }

    private static int device(long number, long at) throws FormatException {
        if (number > Integer.MAX_VALUE) {
            throw new FormatException(STRUCTURE, at, "no such device number: " + number);
        }
        return (int) number;
    }

    private String name(long at, int size) throws IOException {
        byte[] name = source.read("cpio name", at, size);
        if (name[size - 1] != 0) {
            throw new FormatException(STRUCTURE, at, "the name does not end with a NUL");
        }
        return text(java.util.Arrays.copyOf(name, size - 1), at);
    }

    private static String text(byte[] bytes, long at) throws FormatException {
        String text = NameBytes.text(bytes);
        if (text.indexOf('\0') < 0 && !text.isEmpty()) {
            return text;
        }
        throw new FormatException(STRUCTURE, at, "a name is empty or contains a NUL");
    }

    /** The name as a path of a tree: without empty segments, never leaving the root. */
    private static String path(String name, long at) throws FormatException {
        List<String> steps = new ArrayList<>();
        for (String step : name.split("/", -1)) {
            if (step.equals("..")) {
                throw new FormatException(STRUCTURE, at, "the name leaves the root: " + name);
            }
            if (!step.isEmpty() && !step.equals(".")) {
                steps.add(step);
            }
        }
        return steps.isEmpty() ? "." : String.join("/", steps);
    }

    private static long sum(ByteSource content) throws IOException {
        long sum = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = content.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    sum += Byte.toUnsignedInt(buffer[i]);
                }
            }
        }
        return sum & CpioArchive.MAX_U32;
    }

    private void skipZeros() throws IOException {
        byte[] buffer = new byte[1 << 12];
        try (InputStream in = source.openAt(position)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] != 0) {
                        return;
                    }
                    position++;
                }
            }
        }
    }

    private static long align(long offset) {
        return (offset + CpioArchive.ALIGNMENT - 1) & -CpioArchive.ALIGNMENT;
    }
}
