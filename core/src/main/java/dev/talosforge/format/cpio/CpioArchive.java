package dev.talosforge.format.cpio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.RegularFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A "newc" cpio archive as a view: headers are created here; contents stay where they are and are read along with the
 * archive.
 *
 * <pre>
 *   member*          header, name, NUL, pad to 4, content, pad to 4
 *   trailer          a member named TRAILER!!!
 * </pre>
 *
 * <p>Members keep the given order: the kernel creates them in that order, so a directory must come before its contents.
 * The same entries give the same bytes: inode numbers count up from one and the clock is not read.
 *
 * <p>Names of one file (an entry and the hard links to it) share an inode and count as its links; the last of them has
 * the content, as in GNU cpio and as the kernel expects. Owner, mode and time are those of the file.
 */
public final class CpioArchive {
    /** Header plus name, and content, each end on a multiple of this many bytes. */
    static final int ALIGNMENT = 4;

    /** Longest name or symlink target that the kernel accepts, in bytes with the NUL: {@code PATH_MAX}. */
    static final int MAX_NAME = 4096;

    static final long MAX_U32 = 0xffff_ffffL;
    static final String TRAILER = "TRAILER!!!";
    static final long S_IFMT = 0170000;
    static final long S_IFCHR = 0020000;
    static final long S_IFIFO = 0010000;
    static final long S_IFBLK = 0060000;
    static final long S_IFDIR = 0040000;
    static final long S_IFREG = 0100000;
    static final long S_IFLNK = 0120000;

    private final List<ByteSource> parts = new ArrayList<>();
    private final Map<String, Links> links = new TreeMap<>();
    private long position;
    private long nextInode = 1;

    private CpioArchive() {}

    /** The archive of these entries. What the format cannot hold is a {@link LimitException}. */
    public static ByteSource source(List<Entry> entries) throws IOException {
        return source(entries, ALIGNMENT);
    }

    /**
     * As {@link #source(List)}, padded with zeros.
     *
     * @param pad the archive's size is a multiple of this many bytes; a power of two, at least 4. GNU cpio uses 512
     */
    public static ByteSource source(List<Entry> entries, int pad) throws IOException {
        if (Integer.bitCount(pad) != 1 || pad < ALIGNMENT) {
            throw new IllegalArgumentException("cpio padding must be a power of two from 4: " + pad);
        }
        CpioArchive archive = new CpioArchive();
        archive.countLinks(entries);
        for (Entry entry : entries) {
            archive.member(entry);
        }
        archive.trailer();
        archive.align(pad);
        return ByteSource.concat(archive.parts);
    }

    /** One file with several names. */
    private static final class Links {
        private final RegularFile file;
        private long names = 1;
        private long written;
        private long inode;

        Links(RegularFile file) {
            this.file = file;
        }
    }

    private void countLinks(List<Entry> entries) throws LimitException {
        for (Entry entry : entries) {
            if (entry instanceof RegularFile file) {
                links.put(file.path(), new Links(file));
            }
        }
        for (Entry entry : entries) {
            if (entry instanceof Entry.HardLink link) {
                Links target = links.get(link.target());
                if (target == null) {
                    throw new LimitException(
                            "cpio", link.path(), "links to " + link.target() + ", which is not a file of the archive");
                }
                target.names++;
            }
        }
    }

    private void member(Entry entry) throws IOException {
        ByteSource nothing = ByteSource.empty();
        switch (entry) {
            case Entry.Directory directory -> single(directory, S_IFDIR, 2, nothing);
            case RegularFile file -> linked(file, file.path());
            case Entry.HardLink link -> linked(link, link.target());
            case Entry.Symlink link -> single(link, S_IFLNK, 1, target(link));
            case Entry.CharDevice device -> device(device, S_IFCHR, device.major(), device.minor());
            case Entry.BlockDevice device -> device(device, S_IFBLK, device.major(), device.minor());
            case Entry.Fifo fifo -> single(fifo, S_IFIFO, 1, nothing);
        }
    }

    private void single(Entry entry, long type, long linkCount, ByteSource content) throws IOException {
        member(entry.path(), entry.attributes(), type, nextInode++, linkCount, 0, 0, content);
    }

    private void device(Entry entry, long type, int major, int minor) throws IOException {
        member(entry.path(), entry.attributes(), type, nextInode++, 1, major, minor, ByteSource.empty());
    }

    private void linked(Entry entry, String target) throws IOException {
        Links file = links.get(target);
        if (file == null) {
            throw new IllegalStateException("counted before: " + target);
        }
        if (file.written++ == 0) {
            file.inode = nextInode++;
        }
        ByteSource content = file.written == file.names ? file.file.content() : ByteSource.empty();
        member(entry.path(), file.file.attributes(), S_IFREG, file.inode, file.names, 0, 0, content);
    }

    private static ByteSource target(Entry.Symlink link) throws LimitException {
        byte[] target = NameBytes.of(link.target());
        if (target.length == 0 || target.length >= MAX_NAME) {
            throw new LimitException(
                    "cpio",
                    link.path(),
                    "a symbolic link's target must have 1 to %d bytes, not %d".formatted(MAX_NAME - 1, target.length));
        }
        return ByteSource.of(target);
    }

    @SuppressWarnings("TooManyParameters") // one per header field that differs between members
    private void member(
            String path,
            Entry.Attributes attributes,
            long type,
            long inode,
            long linkCount,
            int major,
            int minor,
            ByteSource content)
            throws IOException {
        byte[] name = NameBytes.of(path);
        if (name.length == 0 || name.length >= MAX_NAME || path.indexOf('\0') >= 0 || path.equals(TRAILER)) {
            throw new LimitException(
                    "cpio",
                    path,
                    "a name must have 1 to %d bytes, no NUL, and not be %s".formatted(MAX_NAME - 1, TRAILER));
        }
        limit(path, "size in bytes", content.size());
        limit(path, "user id", attributes.uid());
        limit(path, "group id", attributes.gid());
        limit(path, "modification time", attributes.modified());
        limit(path, "major device number", major);
        limit(path, "minor device number", minor);
        CpioHeader header = new CpioHeader(
                false,
                inode,
                type | attributes.permissions(),
                attributes.uid(),
                attributes.gid(),
                linkCount,
                attributes.modified(),
                content.size(),
                0, // the device it came from: always 0:0, or the archive would not be reproducible
                0,
                major,
                minor,
                name.length + 1L,
                0);
        headerAndName(header, name);
        append(content);
        align(ALIGNMENT);
    }

    private void trailer() {
        byte[] name = TRAILER.getBytes(UTF_8);
        headerAndName(new CpioHeader(false, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, name.length + 1L, 0), name);
    }

    private void headerAndName(CpioHeader header, byte[] name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(CpioHeader.SIZE + name.length + ALIGNMENT);
        out.writeBytes(header.toBytes());
        out.writeBytes(name);
        int withNul = out.size() + 1;
        out.writeBytes(new byte[1 + (-withNul & (ALIGNMENT - 1))]);
        append(ByteSource.of(out.toByteArray()));
    }

    private void align(int boundary) {
        append(ByteSource.zeros(-position & (boundary - 1)));
    }

    private void append(ByteSource part) {
        parts.add(part);
        position += part.size();
    }

    private static void limit(String path, String what, long value) throws LimitException {
        if (value < 0 || value > MAX_U32) {
            throw new LimitException(
                    "cpio", path, "the %s is %d; the format holds 0 to %d".formatted(what, value, MAX_U32));
        }
    }
}
