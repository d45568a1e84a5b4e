package dev.talosforge.format.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import java.util.Arrays;

/**
 * The 512-byte header before each tar member.
 *
 * <p>Specification: POSIX.1-2017 {@code pax}, "ustar Interchange Format"; numbers are octal digits or, if too large,
 * big-endian two's complement after a set top bit, as in GNU tar. Texts are bytes, one per character. The table in
 * {@code docs/formats/tar.md} is tested against {@link #encode}.
 *
 * @param name without the prefix, up to 100 bytes
 * @param mode the low twelve mode bits
 * @param size of the content in bytes
 * @param mtime seconds since the epoch
 * @param type {@code typeflag}
 * @param linkName up to 100 bytes
 * @param prefix of the name, up to 155 bytes, joined with a slash
 */
record TarHeader(
        String name,
        long mode,
        long uid,
        long gid,
        long size,
        long mtime,
        char type,
        String linkName,
        long devMajor,
        long devMinor,
        String prefix) {
    static final int SIZE = 512;
    static final int NAME_SIZE = 100;
    static final int PREFIX_SIZE = 155;

    /** The largest value of seven octal digits: modes, owners, devices. */
    static final long MAX_7_DIGITS = 07777777;

    /** The largest value of eleven octal digits: sizes, times. */
    static final long MAX_11_DIGITS = 077777777777L;

    private static final String STRUCTURE = "tar header";
    private static final String USTAR = "ustar\0" + "00";
    private static final String GNU = "ustar  \0";
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_SIZE = 8;

    FieldWriter encode() {
        byte[] unsummed = fields(" ".repeat(CHECKSUM_SIZE)).toBytes();
        return fields("%06o\0 ".formatted(sum(unsummed, false)));
    }

    byte[] toBytes() {
        return encode().toBytes();
    }

    private FieldWriter fields(String checksum) {
        return FieldWriter.bigEndian(STRUCTURE, SIZE)
                .text("name", name, NAME_SIZE, '\0')
                .text("mode", octal("mode", mode, 7), 8, '\0')
                .text("uid", octal("uid", uid, 7), 8, '\0')
                .text("gid", octal("gid", gid, 7), 8, '\0')
                .text("size", octal("size", size, 11), 12, '\0')
                .text("mtime", octal("mtime", mtime, 11), 12, '\0')
                .text("chksum", checksum, CHECKSUM_SIZE, '\0')
                .text("typeflag", String.valueOf(type), 1, '\0')
                .text("linkname", linkName, NAME_SIZE, '\0')
                .text("magic", "ustar", 6, '\0')
                .text("version", "00", 2, '\0')
                .text("uname", "", 32, '\0')
                .text("gname", "", 32, '\0')
                .text("devmajor", octal("devmajor", devMajor, 7), 8, '\0')
                .text("devminor", octal("devminor", devMinor, 7), 8, '\0')
                .text("prefix", prefix, PREFIX_SIZE, '\0')
                .zeros("pad", 12);
    }

    private static String octal(String field, long value, int digits) {
        if (value < 0 || value >>> (3 * digits) != 0) {
            throw new IllegalArgumentException(
                    "tar header field %s: %d does not fit in %d octal digits".formatted(field, value, digits));
        }
        return ("%0" + digits + "o").formatted(value);
    }

    /** Checks the checksum; accepts ustar, GNU and the older form without a magic. */
    static TarHeader read(byte[] bytes, long base) throws FormatException {
        FieldReader in = FieldReader.bigEndian(STRUCTURE, bytes, base);
        final String name = text(in.bytes("name", NAME_SIZE));
        final long mode = number(in, "mode", 8);
        final long uid = number(in, "uid", 8);
        final long gid = number(in, "gid", 8);
        final long size = number(in, "size", 12);
        final long mtime = number(in, "mtime", 12);
        final long checksum = number(in, "chksum", CHECKSUM_SIZE);
        checkSum(bytes, checksum, base);
        final char type = (char) in.u8("typeflag");
        final String linkName = text(in.bytes("linkname", NAME_SIZE));
        String magic = new String(in.bytes("magic", 8), ISO_8859_1);
        in.bytes("uname", 32);
        in.bytes("gname", 32);
        boolean ustar = magic.equals(USTAR);
        boolean device = (ustar || magic.equals(GNU)) && (type == '3' || type == '4');
        long devMajor = device ? number(in, "devmajor", 8) : 0;
        long devMinor = device ? number(in, "devminor", 8) : 0;
        String prefix = "";
        if (ustar) {
            int at = SIZE - 12 - PREFIX_SIZE;
            prefix = text(Arrays.copyOfRange(bytes, at, at + PREFIX_SIZE));
        }
        if (size < 0) {
            throw new FormatException(STRUCTURE, base, "the size is negative: " + size);
        }
        return new TarHeader(name, mode & 07777, uid, gid, size, mtime, type, linkName, devMajor, devMinor, prefix);
    }

    /** The name with its prefix, one character per byte. */
    String fullName() {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static void checkSum(byte[] bytes, long expected, long base) throws FormatException {
        byte[] blanked = bytes.clone();
        Arrays.fill(blanked, CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_SIZE, (byte) ' ');
        long sum = sum(blanked, false);
        if (sum != expected && sum(blanked, true) != expected) {
            throw new FormatException(
                    STRUCTURE,
                    base,
                    "not a tar header: its bytes add up to %d, but chksum is %d".formatted(sum, expected));
        }
    }

    /** Very old archives sum signed bytes. */
    private static long sum(byte[] bytes, boolean signed) {
        long sum = 0;
        for (byte value : bytes) {
            sum += signed ? value : Byte.toUnsignedInt(value);
        }
        return sum;
    }

    private static String text(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, ISO_8859_1);
    }

    private static long number(FieldReader in, String field, int size) throws FormatException {
        long at = in.offset();
        return number(in.bytes(field, size), field, at);
    }

    /** The same of a part of a block. */
    static long number(byte[] block, int from, int size, String field, long base) throws FormatException {
        return number(Arrays.copyOfRange(block, from, from + size), field, base + from);
    }

    private static long number(byte[] bytes, String field, long at) throws FormatException {
        return (bytes[0] & 0x80) != 0 ? binary(bytes) : octal(bytes, field, at);
    }

    /**
     * GNU's base-256: the top bit is the mark, the next one the sign. Values beyond 64 bits become the largest that
     * fits.
     */
    private static long binary(byte[] bytes) {
        boolean negative = (bytes[0] & 0x40) != 0;
        long value = negative ? bytes[0] : bytes[0] & 0x3f;
        for (int i = 1; i < bytes.length; i++) {
            if (value >= 1L << 55 || value < -(1L << 55)) {
                return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            value = value << 8 | Byte.toUnsignedLong(bytes[i]);
        }
        return value;
    }

    private static long octal(byte[] bytes, String field, long at) throws FormatException {
        String digits = new String(bytes, ISO_8859_1);
        int end = digits.indexOf('\0');
        String trimmed = (end < 0 ? digits : digits.substring(0, end)).strip();
        long value = 0;
        for (int i = 0; i < trimmed.length(); i++) {
            char digit = trimmed.charAt(i);
            if (digit < '0' || digit > '7') {
                throw new FormatException(STRUCTURE, at, field + " is not an octal number");
            }
            value = value << 3 | (digit - '0');
        }
        return value;
    }
}
