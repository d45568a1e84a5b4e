package dev.talosforge.format.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes before a member's content.
 *
 * <pre>
 *   [ header of type x, its records, pad to 512 ]     only for what ustar cannot say
 *   header
 * </pre>
 */
final class TarMemberBytes {
    private static final char PAX = 'x';

    /** Records by name, one character per byte: their order in the archive depends on nothing else. */
    private final Map<String, String> records = new TreeMap<>();

    private final Entry entry;

    private TarMemberBytes(Entry entry) {
        this.entry = entry;
    }

    static byte[] before(Entry entry) throws LimitException {
        return new TarMemberBytes(entry).encode();
    }

    private byte[] encode() throws LimitException {
        TarHeader header = switch (entry) {
            case Entry.Directory d -> header('5', d.path() + "/", "", 0, 0, 0);
            case Entry.RegularFile f -> header('0', f.path(), "", f.content().size(), 0, 0);
            case Entry.HardLink h -> header('1', h.path(), h.target(), 0, 0, 0);
            case Entry.Symlink s -> header('2', s.path(), s.target(), 0, 0, 0);
            case Entry.CharDevice c -> header('3', c.path(), "", 0, c.major(), c.minor());
            case Entry.BlockDevice b -> header('4', b.path(), "", 0, b.major(), b.minor());
            case Entry.Fifo f -> header('6', f.path(), "", 0, 0, 0);
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream(TarHeader.SIZE);
        if (!records.isEmpty()) {
            byte[] body = records();
            out.writeBytes(paxHeader(body.length).toBytes());
            out.writeBytes(body);
            out.writeBytes(new byte[-body.length & (TarHeader.SIZE - 1)]);
        }
        out.writeBytes(header.toBytes());
        return out.toByteArray();
    }

    private TarHeader header(char type, String path, String link, long size, int major, int minor)
            throws LimitException {
        if (path.indexOf('\0') >= 0 || link.indexOf('\0') >= 0) {
            throw new LimitException("tar", entry.path(), "a name cannot contain a NUL");
        }
        device(major);
        device(minor);
        Attributes attributes = entry.attributes();
        if (attributes.label() != null) {
            records.put("SCHILY.xattr." + Attributes.LABEL, attributes.label());
        }
        String[] name = name(path);
        return new TarHeader(
                name[1],
                attributes.permissions(),
                owner("uid", attributes.uid()),
                owner("gid", attributes.gid()),
                number("size", size, TarHeader.MAX_11_DIGITS),
                number("mtime", attributes.modified(), TarHeader.MAX_11_DIGITS),
                type,
                linkName(link),
                major,
                minor,
                name[0]);
    }

    private long owner(String record, long value) throws LimitException {
        if (value < 0) {
            throw new LimitException("tar", entry.path(), "the %s is negative: %d".formatted(record, value));
        }
        return number(record, value, TarHeader.MAX_7_DIGITS);
    }

    private long number(String record, long value, long max) {
        if (value >= 0 && value <= max) {
            return value;
        }
        records.put(record, Long.toString(value));
        return 0;
    }

    private void device(int number) throws LimitException {
        if (number < 0 || number > TarHeader.MAX_7_DIGITS) {
            throw new LimitException(
                    "tar",
                    entry.path(),
                    "the device number is %d; the format holds 0 to %d".formatted(number, TarHeader.MAX_7_DIGITS));
        }
    }

    /** Prefix and name. */
    private String[] name(String path) {
        if (ascii(path)) {
            if (path.length() <= TarHeader.NAME_SIZE) {
                return new String[] {"", path};
            }
            int slash = path.lastIndexOf('/', Math.min(TarHeader.PREFIX_SIZE, path.length() - 2));
            if (slash > 0 && path.length() - slash - 1 <= TarHeader.NAME_SIZE) {
                return new String[] {path.substring(0, slash), path.substring(slash + 1)};
            }
        }
        record("path", path);
        return new String[] {"", stump(path)};
    }

    private String linkName(String link) {
        if (link.isEmpty() || (ascii(link) && link.length() <= TarHeader.NAME_SIZE)) {
            return link;
        }
        record("linkpath", link);
        return stump(link);
    }

    /** POSIX requires UTF-8 in records, or a record that declares them as bytes; its name sorts before both. */
    private void record(String name, String text) {
        if (!NameBytes.isText(text)) {
            records.put("hdrcharset", "BINARY");
        }
        records.put(name, new String(NameBytes.of(text), ISO_8859_1));
    }

    /** The name for readers without pax. */
    private static String stump(String text) {
        byte[] bytes = NameBytes.of(text);
        return new String(bytes, 0, Math.min(bytes.length, TarHeader.NAME_SIZE), ISO_8859_1);
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c > 0 && c < 0x80);
    }

    private static TarHeader paxHeader(int size) {
        return new TarHeader("PaxHeaders.0/member", 0644, 0, 0, size, 0, PAX, "", 0, 0, "");
    }

    /** Records "LENGTH name=value LF", where the length counts itself. */
    private byte[] records() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        records.forEach((name, value) -> {
            byte[] rest = (" " + name + "=" + value + "\n").getBytes(ISO_8859_1);
            int length = rest.length + 1;
            while (Integer.toString(length).length() + rest.length != length) {
                length++;
            }
            out.writeBytes(Integer.toString(length).getBytes(ISO_8859_1));
            out.writeBytes(rest);
        });
        return out.toByteArray();
    }
}
