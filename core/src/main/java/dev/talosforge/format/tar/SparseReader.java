package dev.talosforge.format.tar;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a sparse file's map, wherever its form puts it, and reads the part that follows the header. */
final class SparseReader {
    private static final String STRUCTURE = "tar archive";

    /** GNU tar, {@code struct oldgnu_header} and {@code struct sparse_header}: offsets in bytes. */
    private static final int OLD_PARTS_AT = 386;

    private static final int OLD_PARTS = 4;
    private static final int OLD_EXTENDED_AT = 482;
    private static final int OLD_SIZE_AT = 483;
    private static final int MORE_PARTS = 21;
    private static final int MORE_EXTENDED_AT = 504;

    private final TarInput in;
    private final long at;

    /** The map of the member with its header at {@code at}. */
    SparseReader(TarInput in, long at) {
        this.in = in;
        this.at = at;
    }

    /** Null if the file is not sparse. */
    @Nullable
    SparseMap read(char type, byte[] block, Map<String, String> records) throws IOException {
        if (SparseMap.isInContent(records)) {
            return beforeContent(SparseMap.size(records, "GNU.sparse.realsize", at));
        }
        if (SparseMap.isIn(records)) {
            return SparseMap.of(records, at);
        }
        return type == 'S' ? old(block) : null;
    }

    /** Whether the map counts as content. */
    static boolean inContent(@Nullable SparseMap map, Map<String, String> records) {
        return map != null && SparseMap.isInContent(records);
    }

    /** One number per line: the number of parts, then offset and length of each; padded to whole blocks. */
    private SparseMap beforeContent(long size) throws IOException {
        Lines lines = new Lines();
        SparseMap.Reading reading = new SparseMap.Reading(at);
        for (long left = lines.next(); left > 0; left--) {
            reading.part(lines.next(), lines.next());
        }
        return reading.map(size);
    }

    private SparseMap old(byte[] header) throws IOException {
        if (!SparseMap.isGnu(header)) {
            throw new FormatException(STRUCTURE, at, "unsupported member: a sparse file that is not in GNU's form");
        }
        SparseMap.Reading reading = new SparseMap.Reading(at);
        SparseMap.fields(header, OLD_PARTS_AT, OLD_PARTS, at, reading);
        boolean more = header[OLD_EXTENDED_AT] != 0;
        while (more) {
            long from = in.position();
            byte[] block = next();
            SparseMap.fields(block, 0, MORE_PARTS, from, reading);
            more = block[MORE_EXTENDED_AT] != 0;
        }
        return reading.map(TarHeader.number(header, OLD_SIZE_AT, 12, "realsize", at));
    }

    private byte[] next() throws IOException {
        byte[] block = in.upTo(TarHeader.SIZE);
        if (block.length < TarHeader.SIZE) {
            throw new FormatException(STRUCTURE, in.position(), "ends within the map of a sparse file");
        }
        return block;
    }

    private final class Lines {
        private byte[] block = new byte[0];
        private int used;

        long next() throws IOException {
            byte[] digits = new byte[20];
            for (int i = 0; i < digits.length; i++) {
                if (used == block.length) {
                    block = SparseReader.this.next();
                    used = 0;
                }
                byte value = block[used++];
                if (value == '\n') {
                    return SparseMap.number(new String(digits, 0, i, US_ASCII), at);
                }
                digits[i] = value;
            }
            throw new FormatException(STRUCTURE, at, "a sparse file's map has a number of more than 19 digits");
        }
    }
}
