package dev.talosforge.format.cpio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.CharDevice;
import dev.talosforge.tree.Entry.Directory;
import dev.talosforge.tree.Entry.RegularFile;
import dev.talosforge.tree.Entry.Symlink;
import java.io.IOException;
import java.util.List;

/**
 * Writes a "newc" cpio archive that the Linux kernel unpacks as an initramfs.
 *
 * <pre>
 *   member*          header, name, NUL, pad to 4, content, pad to 4
 *   trailer          a member named TRAILER!!!
 * </pre>
 *
 * <p>Members are written in the order given: the kernel creates them in that order, so a directory has to come before
 * what is in it. The same entries give the same bytes: inode numbers count up from one and nothing is read from the
 * clock.
 */
public final class CpioWriter {
    /** Header plus name, and content, each end on a multiple of this many bytes. */
    private static final int ALIGNMENT = 4;

    private static final String TRAILER = "TRAILER!!!";
    private static final long S_IFCHR = 0020000;
    private static final long S_IFIFO = 0010000;
    private static final long S_IFBLK = 0060000;
    private static final long S_IFDIR = 0040000;
    private static final long S_IFREG = 0100000;
    private static final long S_IFLNK = 0120000;
    private static final ByteSource NOTHING = ByteSource.of(new byte[0]);

    private final ByteSink out;
    private long nextInode = 1;

    public CpioWriter(ByteSink out) {
        this.out = out;
    }

    /** Writes a whole archive. Another one may follow it: the kernel unpacks concatenated archives in turn. */
    public void write(List<Entry> entries) throws IOException {
        for (Entry entry : entries) {
            member(entry);
        }
        trailer();
        out.flush();
    }

    private void member(Entry entry) throws IOException {
        switch (entry) {
            case Directory directory -> member(directory, S_IFDIR, 2, 0, 0, NOTHING);
            case RegularFile file -> member(file, S_IFREG, 1, 0, 0, file.content());
            case Symlink link ->
                member(link, S_IFLNK, 1, 0, 0, ByteSource.of(link.target().getBytes(UTF_8)));
            case CharDevice device -> member(device, S_IFCHR, 1, device.major(), device.minor(), NOTHING);
            case Entry.BlockDevice device -> member(device, S_IFBLK, 1, device.major(), device.minor(), NOTHING);
            case Entry.Fifo fifo -> member(fifo, S_IFIFO, 1, 0, 0, NOTHING);
            case Entry.HardLink link ->
                throw new dev.talosforge.bytes.LimitException("cpio", link.path(), "hard links are not written yet");
        }
    }

    private void member(Entry entry, long type, long links, long major, long minor, ByteSource content)
            throws IOException {
        byte[] name = entry.path().getBytes(UTF_8);
        Entry.Attributes attributes = entry.attributes();
        out.bytes(new CpioHeader(
                        nextInode++,
                        type | attributes.permissions(),
                        attributes.uid(),
                        attributes.gid(),
                        links,
                        attributes.modified(),
                        content.size(),
                        major,
                        minor,
                        name.length + 1L)
                .toBytes());
        out.bytes(name).zeros(1).alignTo(ALIGNMENT);
        out.copy(content).alignTo(ALIGNMENT);
    }

    private void trailer() throws IOException {
        byte[] name = TRAILER.getBytes(UTF_8);
        out.bytes(new CpioHeader(0, 0, 0, 0, 1, 0, 0, 0, 0, name.length + 1L).toBytes());
        out.bytes(name).zeros(1).alignTo(ALIGNMENT);
    }
}
