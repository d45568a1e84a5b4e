package dev.talosforge.format.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.tree.Entry.Attributes;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Records of a pax extended header, POSIX.1-2017 {@code pax}: decimal length, space, name, {@code =}, value, LF. */
final class PaxRecords {
    private static final String STRUCTURE = "pax records";

    /** Prefixes of extended attributes: star's, also used by GNU tar, and libarchive's. */
    private static final List<String> XATTRS = List.of("SCHILY.xattr.", "LIBARCHIVE.xattr.");

    /** The only attribute whose value is read, and only in this form: imager knows no other. */
    private static final String LABEL = "SCHILY.xattr." + Attributes.LABEL;

    private static final int MAX_LENGTH_DIGITS = 9;
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,100}");
    private static final Pattern TIME = Pattern.compile("(-?)([0-9]{1,100})(?:\\.([0-9]*))?");

    private PaxRecords() {}

    /**
     * Adds the records to {@code into}; one with an empty value removes an earlier one. The records of a sparse map of
     * form 0.0, one per number, are joined in order.
     */
    static void parse(byte[] bytes, long base, Map<String, String> into) throws FormatException {
        int at = 0;
        StringBuilder map = new StringBuilder();
        while (at < bytes.length) {
            int blank = at;
            int length = 0;
            while (blank < bytes.length
                    && bytes[blank] >= '0'
                    && bytes[blank] <= '9'
                    && blank - at < MAX_LENGTH_DIGITS) {
                length = length * 10 + bytes[blank++] - '0';
            }
            int end = length > bytes.length - at ? -1 : at + length;
            if (blank == at || end <= blank + 1 || bytes[blank] != ' ' || bytes[end - 1] != '\n') {
                throw new FormatException(STRUCTURE, base + at, "not a record: length, space, name, =, value, newline");
            }
            byte[] record = Arrays.copyOfRange(bytes, blank + 1, end - 1);
            int equals = new String(record, ISO_8859_1).indexOf('=');
            if (equals <= 0) {
                throw new FormatException(STRUCTURE, base + at, "a record without a name");
            }
            put(record, equals, into, map);
            at = end;
        }
        if (!map.isEmpty()) {
            into.merge(SparseMap.MAP, map.substring(1), (before, more) -> before + "," + more);
        }
    }

    private static void put(byte[] record, int equals, Map<String, String> into, StringBuilder map) {
        String name = new String(record, 0, equals, ISO_8859_1);
        if (name.equals(LABEL) && equals == record.length - 1) {
            into.remove(name);
            return;
        }
        if (name.equals(LABEL)) { // bytes; no reason to refuse the archive if another record is wanted
            into.put(name, new String(record, equals + 1, record.length - equals - 1, ISO_8859_1));
            return;
        }
        if (XATTRS.stream().anyMatch(name::startsWith)) {
            into.put(name, ""); // the value is bytes, not text
            return;
        }
        if (!wanted(name)) {
            return;
        }
        String value = NameBytes.text(Arrays.copyOfRange(record, equals + 1, record.length));
        if (name.equals("GNU.sparse.offset") || name.equals("GNU.sparse.numbytes")) {
            map.append(',').append(value);
        } else if (value.isEmpty()) {
            into.remove(name);
        } else {
            into.put(name, value);
        }
    }

    private static boolean wanted(String name) {
        return switch (name) {
            case "path", "linkpath", "size", "uid", "gid", "mtime" -> true;
            default -> name.startsWith("GNU.sparse.");
        };
    }

    /** The SELinux label, one character per byte; null if there is none or no kernel accepts it. */
    static @Nullable String label(Map<String, String> records) {
        String label = records.get(LABEL);
        return label == null || label.length() > Attributes.MAX_LABEL ? null : label;
    }

    /**
     * Distinct names of the kernel's attributes other than {@link #label}; attributes that only other systems use are
     * ignored.
     */
    static List<String> xattrs(Map<String, String> records) {
        NavigableSet<String> names = new TreeSet<>();
        for (String record : records.keySet()) {
            for (String prefix : XATTRS) {
                String name = record.startsWith(prefix) ? record.substring(prefix.length()) : "";
                if (name.matches("(security|system|trusted|user)\\..+")) {
                    names.add(name);
                }
            }
        }
        if (label(records) != null) {
            names.remove(Attributes.LABEL);
        }
        return List.copyOf(names);
    }

    /**
     * The record's value, or the header's.
     *
     * @param inHeader one character per byte
     */
    static String text(Map<String, String> records, String name, String inHeader) {
        String value = records.get(name);
        return value != null ? value : NameBytes.text(inHeader.getBytes(ISO_8859_1));
    }

    static long number(Map<String, String> records, String name, long inHeader, long at) throws FormatException {
        String value = records.get(name);
        if (value == null) {
            return inHeader;
        }
        if (!WHOLE.matcher(value).matches()) {
            throw new FormatException(STRUCTURE, at, "%s is not a whole number: %s".formatted(name, value));
        }
        return saturated(value);
    }

    /** Values beyond 64 bits become the largest that fits. */
    private static long saturated(String digits) {
        BigInteger value = new BigInteger(digits);
        return value.bitLength() < Long.SIZE ? value.longValue() : value.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** The modification time, rounded down to whole seconds. */
    static long seconds(Map<String, String> records, long inHeader, long at) throws FormatException {
        String value = records.get("mtime");
        if (value == null) {
            return inHeader;
        }
        Matcher time = TIME.matcher(value);
        if (!time.matches()) {
            throw new FormatException(STRUCTURE, at, "mtime is not a number of seconds: " + value);
        }
        long whole = Math.min(saturated(time.group(2)), Long.MAX_VALUE - 1);
        boolean fraction =
                time.group(3) != null && !time.group(3).replace("0", "").isEmpty();
        return time.group(1).isEmpty() ? whole : fraction ? -whole - 1 : -whole;
    }
}
