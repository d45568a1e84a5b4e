package dev.talosforge.format.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * The 60-byte header before each member of an {@code ar} archive: blank-padded ASCII.
 *
 * <p>Specification: {@code deb(5)} and {@code ar(5)}. The table in {@code docs/formats/deb.md} is tested against {@link
 * #encode}.
 *
 * @param name without the trailing slash of some tools
 * @param size of the content in bytes
 */
record ArHeader(String name, long modified, long size) {
    static final int SIZE = 60;

    private static final String STRUCTURE = "ar header";
    private static final int MODE = 0100644;
    private static final int END = 0x600a;

    static ArHeader read(byte[] bytes, long base) throws FormatException {
        FieldReader in = FieldReader.bigEndian(STRUCTURE, bytes, base);
        String name = text(in, "ar_name", 16);
        final long modified = number(in, "ar_date", 12);
        in.bytes("ar_uid", 6);
        in.bytes("ar_gid", 6);
        in.bytes("ar_mode", 8);
        final long size = number(in, "ar_size", 10);
        in.expectU16("ar_fmag", END);
        return new ArHeader(name.endsWith("/") ? name.substring(0, name.length() - 1) : name, modified, size);
    }

    /** The header of a plain file owned by root, as dpkg writes it. */
    FieldWriter encode() {
        return FieldWriter.bigEndian(STRUCTURE, SIZE)
                .text("ar_name", name, 16, ' ')
                .text("ar_date", Long.toString(modified), 12, ' ')
                .text("ar_uid", "0", 6, ' ')
                .text("ar_gid", "0", 6, ' ')
                .text("ar_mode", Integer.toOctalString(MODE), 8, ' ')
                .text("ar_size", Long.toString(size), 10, ' ')
                .u16("ar_fmag", END);
    }

    private static String text(FieldReader in, String field, int size) throws FormatException {
        return new String(in.bytes(field, size), US_ASCII).stripTrailing();
    }

    private static long number(FieldReader in, String field, int size) throws FormatException {
        long at = in.offset();
        String digits = text(in, field, size);
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new FormatException(STRUCTURE, at, field + " is not a decimal number");
        }
        return Long.parseLong(digits);
    }
}
