package dev.talosforge.format.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.format.tar.TarMember.Kind;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive member by member: ustar and older, pax records (of one member and global), GNU's long names and
 * large numbers, sparse files in all of GNU's forms. Multi-volume archives and other extensions that change the meaning
 * of a content are refused; volume labels are skipped. Names are bytes; see {@link NameBytes}.
 *
 * <p>An archive ends with two blocks of zeros, or after a member's content, because some tools omit the blocks and the
 * last padding. Anything after that is not read. Does not close the stream it was given. Not thread-safe.
 */
public final class TarReader {
    private static final String STRUCTURE = "tar archive";

    /** Limit for one set of pax records or one GNU long name, in bytes: these are held in memory. */
    private static final int MAX_EXTENSION = 1 << 20;

    /** The mode that Linux shows for every symbolic link; archives may have any. */
    private static final int LINK_PERMISSIONS = 0777;

    /** The last number means "no owner". */
    private static final long MAX_OWNER = 0xffff_fffeL;

    /** How many extension headers may follow one another before a member. */
    private static final int MAX_EXTENSIONS = 16;

    private final TarInput in;
    private final TarLimits limits;
    private final Map<String, String> global = new TreeMap<>();
    private final MemberContent content;
    private int members;
    private long contentBytes;
    private boolean ended;

    public TarReader(InputStream in, TarLimits limits) {
        this.in = new TarInput(in);
        this.content = new MemberContent(this.in);
        this.limits = limits;
    }

    /** The next member, or null at the end. Skips the rest of the previous one. */
    public @Nullable TarMember next() throws IOException {
        content.skipRest();
        Map<String, String> local = new TreeMap<>(global);
        boolean started = false;
        for (int extensions = 0; extensions <= MAX_EXTENSIONS; extensions++) {
            long at = in.position();
            byte[] block = ended || content.isCut() ? null : block(started);
            if (block == null) {
                ended = true;
                return null;
            }
            TarHeader header = TarHeader.read(block, at);
            started = true;
            switch (header.type()) {
                case 'x', 'X' -> PaxRecords.parse(extension(header, at), at + TarHeader.SIZE, local);
                case 'g' -> {
                    PaxRecords.parse(extension(header, at), at + TarHeader.SIZE, global);
                    local.putAll(global);
                }
                case 'L' -> local.put("path", gnuName(header, at));
                case 'K' -> local.put("linkpath", gnuName(header, at));
                case 'V', 'A' -> { // volume labels and Solaris' access control lists are not files
                    skip(header.size());
                    started = header.type() == 'A';
                }
                default -> {
                    return member(header, block, local, at);
                }
            }
        }
        throw new FormatException(
                STRUCTURE, in.position(), "more than %d extension headers in a row".formatted(MAX_EXTENSIONS));
    }

    /** The content of the last member from {@link #next}: valid until the next call; closing it does nothing. */
    public InputStream content() {
        return content;
    }

    private void skip(long size) throws IOException {
        content.begin(size, null);
        content.skipRest();
    }

    private byte @Nullable [] block(boolean needed) throws IOException {
        long at = in.position();
        byte[] block = in.upTo(TarHeader.SIZE);
        if (block.length == 0 && !needed) {
            return null;
        }
        if (block.length < TarHeader.SIZE) {
            throw new FormatException(STRUCTURE, at, "ends within a header: %d of 512 bytes".formatted(block.length));
        }
        if (!TarInput.isZero(block)) {
            return block;
        }
        byte[] second = in.upTo(TarHeader.SIZE);
        if (needed || !TarInput.isZero(second)) {
            throw new FormatException(STRUCTURE, at, "a block of zeros in place of a header");
        }
        return null;
    }

    private TarMember member(TarHeader header, byte[] block, Map<String, String> records, long at) throws IOException {
        if (++members > limits.members()) {
            throw new FormatException(STRUCTURE, at, "more than %d members".formatted(limits.members()));
        }
        String rawName = PaxRecords.text(records, "path", header.fullName());
        if (SparseMap.isIn(records)) {
            rawName = records.getOrDefault("GNU.sparse.name", rawName);
        }
        Kind kind = kind(header.type(), rawName, at);
        String link = PaxRecords.text(records, "linkpath", header.linkName());
        boolean hasContent = kind == Kind.FILE || header.type() == 'D';
        long inArchive = hasContent ? PaxRecords.number(records, "size", header.size(), at) : 0;
        if (inArchive < 0) {
            throw tooMuch(rawName, at);
        }
        SparseMap sparse = kind == Kind.FILE ? new SparseReader(in, at).read(header.type(), block, records) : null;
        long mapped = SparseReader.inContent(sparse, records) ? in.position() - at - TarHeader.SIZE : 0;
        long size = kind != Kind.FILE ? 0 : sparse == null ? inArchive : sparse.size();
        if (sparse != null && sparse.stored() != inArchive - mapped) {
            throw new FormatException(
                    STRUCTURE,
                    at,
                    "%s: the map of a sparse file has %d bytes, but the archive %d"
                            .formatted(rawName, sparse.stored(), inArchive - mapped));
        }
        if (size > limits.contentBytes() - contentBytes) {
            throw tooMuch(rawName, at);
        }
        contentBytes += size;
        content.begin(inArchive - mapped, sparse);
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
                in.position(),
                sparse);
    }

    private FormatException tooMuch(String name, long at) {
        return new FormatException(
                STRUCTURE, at, "%s: more than %d bytes of content".formatted(name, limits.contentBytes()));
    }

    private static Kind kind(char type, String name, long at) throws FormatException {
        return switch (type) {
            case '0', '\0', '7', 'S' -> name.endsWith("/") ? Kind.DIRECTORY : Kind.FILE;
            case '1' -> Kind.HARD_LINK;
            case '2' -> Kind.SYMLINK;
            case '3' -> Kind.CHAR_DEVICE;
            case '4' -> Kind.BLOCK_DEVICE;
            case '5', 'D' -> Kind.DIRECTORY;
            case '6' -> Kind.FIFO;
            case 'M' ->
                throw new FormatException(
                        STRUCTURE, at, "unsupported member %s: it continues from another volume".formatted(name));
            default ->
                throw new FormatException(
                        STRUCTURE, at, "unsupported member %s: type 0x%02x".formatted(name, (int) type));
        };
    }

    /** An owner that Linux does not allow becomes root: no file is unreadable because of its owner. */
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
                    STRUCTURE, at, "an extension of %d bytes; the limit is %d".formatted(header.size(), MAX_EXTENSION));
        }
        int size = (int) header.size();
        byte[] bytes = in.upTo(size + (-size & (TarHeader.SIZE - 1)));
        if (bytes.length < size) {
            throw new FormatException(STRUCTURE, in.position(), "ends within an extension header");
        }
        return java.util.Arrays.copyOf(bytes, size);
    }

    private String gnuName(TarHeader header, long at) throws IOException {
        String text = new String(extension(header, at), ISO_8859_1);
        int end = text.indexOf('\0');
        return NameBytes.text((end < 0 ? text : text.substring(0, end)).getBytes(ISO_8859_1));
    }
}
