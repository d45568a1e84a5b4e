package dev.talosforge.format.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.tar.TarMember.Kind;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive member by member: ustar and older, pax records (of one member and global), GNU's long names and
 * large numbers. Sparse files, multi-volume archives and other extensions that change what a content means are refused.
 *
 * <p>Two blocks of zeros end an archive, or its end behind a member's content, as some tools leave the blocks and the
 * last padding away. What follows is not read. Does not close the stream it was given. Not thread-safe.
 */
public final class TarReader {
    private static final String STRUCTURE = "tar archive";

    /** Of one set of pax records or one GNU long name, in bytes: these are held in memory. */
    private static final int MAX_EXTENSION = 1 << 20;

    /** What Linux shows of every symbolic link; archives have anything. */
    private static final int LINK_PERMISSIONS = 0777;

    /** The last number stands for "no owner". */
    private static final long MAX_OWNER = 0xffff_fffeL;

    /** How many extension headers may follow one another before a member. */
    private static final int MAX_EXTENSIONS = 16;

    private final InputStream in;
    private final TarLimits limits;
    private final Map<String, String> global = new TreeMap<>();
    private final Content content = new Content();
    private long position;
    private long padding;
    private int members;
    private long contentBytes;
    private boolean ended;

    public TarReader(InputStream in, TarLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** The next member, or null at the end. What is left of the one before is skipped. */
    public @Nullable TarMember next() throws IOException {
        content.skipRest();
        Map<String, String> local = new TreeMap<>(global);
        for (int extensions = 0; extensions <= MAX_EXTENSIONS; extensions++) {
            long at = position;
            TarHeader header = ended ? null : header(extensions > 0);
            if (header == null) {
                ended = true;
                return null;
            }
            switch (header.type()) {
                case 'x' -> PaxRecords.parse(extension(header, at), at + TarHeader.SIZE, local);
                case 'g' -> {
                    PaxRecords.parse(extension(header, at), at + TarHeader.SIZE, global);
                    local.putAll(global);
                }
                case 'L' -> local.put("path", gnuName(header, at));
                case 'K' -> local.put("linkpath", gnuName(header, at));
                default -> {
                    return member(header, local, at);
                }
            }
        }
        throw new FormatException(
                STRUCTURE, position, "more than %d extension headers in a row".formatted(MAX_EXTENSIONS));
    }

    /** The content of the member that {@link #next} gave last: good until the next call, closing it does nothing. */
    public InputStream content() {
        return content;
    }

    private @Nullable TarHeader header(boolean needed) throws IOException {
        long at = position;
        byte[] block = in.readNBytes(TarHeader.SIZE);
        position += block.length;
        if (block.length == 0 && !needed) {
            return null;
        }
        if (block.length < TarHeader.SIZE) {
            throw new FormatException(STRUCTURE, at, "ends in a header: %d of 512 bytes".formatted(block.length));
        }
        if (!isZero(block)) {
            return TarHeader.read(block, at);
        }
        byte[] second = in.readNBytes(TarHeader.SIZE);
        position += second.length;
        if (needed || !isZero(second)) {
            throw new FormatException(STRUCTURE, at, "a block of zeros where a header belongs");
        }
        return null;
    }

    private TarMember member(TarHeader header, Map<String, String> records, long at) throws IOException {
        for (String name : records.keySet()) {
            if (name.startsWith("GNU.sparse.")) {
                throw new FormatException(STRUCTURE, at, "unsupported member: sparse files (GNU.sparse) are not read");
            }
        }
        if (++members > limits.members()) {
            throw new FormatException(STRUCTURE, at, "more than %d members".formatted(limits.members()));
        }
        String rawName = PaxRecords.text(records, "path", header.fullName(), at);
        Kind kind = kind(header.type(), rawName, at);
        String link = PaxRecords.text(records, "linkpath", header.linkName(), at);
        long size = kind == Kind.FILE ? PaxRecords.number(records, "size", header.size(), at) : 0;
        if (size < 0 || size > limits.contentBytes() - contentBytes) {
            throw new FormatException(
                    STRUCTURE, at, "%s: more than %d bytes of content".formatted(rawName, limits.contentBytes()));
        }
        contentBytes += size;
        content.begin(size);
        padding = -size & (TarHeader.SIZE - 1);
        return new TarMember(
                TarPaths.member(rawName, at),
                kind,
                new Attributes(
                        kind == Kind.SYMLINK ? LINK_PERMISSIONS : (int) header.mode(),
                        owner(records, "uid", header.uid(), at),
                        owner(records, "gid", header.gid(), at),
                        PaxRecords.seconds(records, header.mtime(), at),
                        PaxRecords.label(records)),
                size,
                kind == Kind.HARD_LINK
                        ? TarPaths.member(link, at)
                        : kind == Kind.SYMLINK ? TarPaths.symlink(link, at) : "",
                device(header.devMajor(), at),
                device(header.devMinor(), at),
                PaxRecords.xattrs(records),
                position);
    }

    private static Kind kind(char type, String name, long at) throws FormatException {
        return switch (type) {
            case '0', '\0', '7' -> name.endsWith("/") ? Kind.DIRECTORY : Kind.FILE;
            case '1' -> Kind.HARD_LINK;
            case '2' -> Kind.SYMLINK;
            case '3' -> Kind.CHAR_DEVICE;
            case '4' -> Kind.BLOCK_DEVICE;
            case '5' -> Kind.DIRECTORY;
            case '6' -> Kind.FIFO;
            case 'S' ->
                throw new FormatException(STRUCTURE, at, "unsupported member: old GNU sparse files are not read");
            default ->
                throw new FormatException(STRUCTURE, at, "unsupported member: type 0x%02x".formatted((int) type));
        };
    }

    /** One that Linux cannot have is taken for root: no file is unreadable because of its owner. */
    private static long owner(Map<String, String> records, String name, long value, long at) throws FormatException {
        long owner = PaxRecords.number(records, name, value, at);
        return owner < 0 || owner > MAX_OWNER ? 0 : owner;
    }

    private static int device(long number, long at) throws FormatException {
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new FormatException(STRUCTURE, at, "no such device number: " + number);
        }
        return (int) number;
    }

    private byte[] extension(TarHeader header, long at) throws IOException {
        if (header.size() > MAX_EXTENSION) {
            throw new FormatException(
                    STRUCTURE,
                    at,
                    "an extension of %d bytes, at most %d are read".formatted(header.size(), MAX_EXTENSION));
        }
        int size = (int) header.size();
        byte[] bytes = in.readNBytes(size + (-size & (TarHeader.SIZE - 1)));
        position += bytes.length;
        if (bytes.length < size) {
            throw new FormatException(STRUCTURE, position, "ends in an extension header");
        }
        return java.util.Arrays.copyOf(bytes, size);
    }

    private String gnuName(TarHeader header, long at) throws IOException {
        String text = new String(extension(header, at), ISO_8859_1);
        int end = text.indexOf('\0');
        return PaxRecords.utf8((end < 0 ? text : text.substring(0, end)).getBytes(ISO_8859_1), at);
    }

    private static boolean isZero(byte[] block) {
        for (byte value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of the current member; an archive that ends in them is broken. */
    private final class Content extends InputStream {
        private long left;

        void begin(long size) {
            left = size;
        }

        void skipRest() throws IOException {
            byte[] buffer = new byte[1 << 14];
            while (read(buffer, 0, buffer.length) >= 0) {
                // only to get behind it
            }
            int rest = (int) padding;
            padding = 0;
            int skipped = in.readNBytes(buffer, 0, rest);
            position += skipped;
            ended |= skipped < rest; // umoci's inserted layers end so
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0 || length == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = in.read(into, offset, (int) Math.min(left, length));
            if (count < 0) {
                throw new FormatException(
                        STRUCTURE, position, "ends in a member: %d bytes are missing".formatted(left));
            }
            left -= count;
            position += count;
            return count;
        }
    }
}
