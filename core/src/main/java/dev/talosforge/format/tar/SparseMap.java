package dev.talosforge.format.tar;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an archive's bytes of a sparse file belong; the rest is zeros. GNU tar, "Storing Sparse Files": the old GNU
 * form is in headers, 0.0 and 0.1 in pax records, 1.0 before the content.
 *
 * @param size of the whole file in bytes
 * @param parts in order, without overlap
 */
public record SparseMap(long size, List<Part> parts) {
    private static final String STRUCTURE = "tar archive";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");

    /** Holds the map of form 0.1; the records of form 0.0, which repeat one name, are joined in it. */
    static final String MAP = "GNU.sparse.map";

    /** More than half a million can only be an attack; a pax record has room for fewer. */
    private static final int MAX_PARTS = 1 << 19;

    /** Size of offset and length in old GNU headers. */
    private static final int NUMBER_SIZE = 12;

    /** {@code "ustar  "}, where POSIX has a NUL after the five letters. */
    private static final int MAGIC_AT = 257;

    private static final int FIELDS = 2 * NUMBER_SIZE;

    public SparseMap {
        parts = List.copyOf(parts);
    }

    /** A number of bytes and their position in the file. */
    public record Part(long offset, long length) {
        long end() {
            return offset + length;
        }
    }

    /** Whether the records describe a sparse file in one of the pax forms. */
    static boolean isIn(Map<String, String> records) {
        return isInContent(records) || records.containsKey(MAP) || records.containsKey("GNU.sparse.size");
    }

    /** Whether the map is at the start of the content: form 1.0. */
    static boolean isInContent(Map<String, String> records) {
        return "1".equals(records.get("GNU.sparse.major"));
    }

    /** The map of form 0.0 or 0.1. */
    static SparseMap of(Map<String, String> records, long at) throws FormatException {
        List<String> numbers = List.of(records.getOrDefault(MAP, "").split(","));
        Reading reading = new Reading(at);
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            reading.part(number(numbers.get(i), at), number(numbers.get(i + 1), at));
        }
        return reading.map(size(records, "GNU.sparse.size", at));
    }

    /** The size of the whole file, from a required record. */
    static long size(Map<String, String> records, String name, long at) throws FormatException {
        String size = records.get(name);
        if (size == null) {
            throw new FormatException(STRUCTURE, at, "a sparse file without %s".formatted(name));
        }
        return number(size, at);
    }

    static long number(String digits, long at) throws FormatException {
        Matcher number = NUMBER.matcher(digits);
        if (number.matches()) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException e) {
                // larger than any file: refused below
            }
        }
        throw new FormatException(STRUCTURE, at, "a sparse file's map has \"%s\"".formatted(digits));
    }

    /** How many of its bytes the archive has. */
    long stored() {
        long stored = 0;
        for (Part part : parts) {
            stored += part.length();
        }
        return stored;
    }

    /** The whole file as a view. */
    ByteSource over(ByteSource stored) {
        List<ByteSource> all = new ArrayList<>();
        long at = 0;
        long taken = 0;
        for (Part part : parts) {
            all.add(ByteSource.zeros(part.offset() - at));
            all.add(stored.slice(taken, part.length()));
            taken += part.length();
            at = part.offset() + part.length();
        }
        all.add(ByteSource.zeros(size - at));
        return ByteSource.concat(all);
    }

    /** Collects parts in order and checks that they form a file. */
    static final class Reading {
        private final long at;
        private final List<Part> parts = new ArrayList<>();
        private long end;

        Reading(long at) {
            this.at = at;
        }

        void part(long offset, long length) throws FormatException {
            if (offset < end || length < 0 || length > Long.MAX_VALUE - offset) {
                throw new FormatException(
                        STRUCTURE, at, "a sparse file's map has %d bytes at %d".formatted(length, offset));
            }
            if (parts.size() >= MAX_PARTS) {
                throw new FormatException(STRUCTURE, at, "a sparse file of more than %d parts".formatted(MAX_PARTS));
            }
            end = offset + length;
            if (length > 0) {
                parts.add(new Part(offset, length));
            }
        }

        SparseMap map(long size) throws FormatException {
            if (size < end) {
                throw new FormatException(
                        STRUCTURE, at, "a sparse file's map ends at %d, but the file at %d".formatted(end, size));
            }
            return new SparseMap(size, parts);
        }
    }

    /** Whether a header is GNU's: star has a different map in the same place. */
    static boolean isGnu(byte[] header) {
        return header[MAGIC_AT + 5] == ' ';
    }

    /**
     * Reads the parts in an old GNU header from {@code from} on, up to the first unused one; returns whether all are
     * used.
     */
    static boolean fields(byte[] block, int from, int count, long base, Reading into) throws FormatException {
        for (int at = from; at < from + count * FIELDS; at += FIELDS) {
            if (block[at + NUMBER_SIZE] == 0) {
                return false;
            }
            into.part(
                    TarHeader.number(block, at, NUMBER_SIZE, "offset", base),
                    TarHeader.number(block, at + NUMBER_SIZE, NUMBER_SIZE, "numbytes", base));
        }
        return true;
    }
}
