package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decodes the compressed blocks of one frame, which may use tables of earlier blocks. RFC 8878, section 3.1.1.3. */
final class ZstdBlockDecoder {
    static final int MAX_BLOCK = 1 << 17;

    private static final Alphabet LITERALS = new Alphabet(
            9,
            6,
            new int[] {
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256,
                512, 1024, 2048, 4096, 8192, 16384, 32768, 65536
            },
            new int[] {
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13,
                14, 15, 16
            },
            new short[] {
                4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
                -1, -1
            });
    private static final Alphabet MATCHES = new Alphabet(
            9,
            6,
            new int[] {
                3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
                31, 32, 33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195,
                16387, 32771, 65539
            },
            new int[] {
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1,
                1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
            },
            new short[] {
                1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1
            });

    /** Codes up to 31 are possible; a window of 128 MiB needs 27. */
    private static final Alphabet OFFSETS = new Alphabet(8, 5, new int[31], new int[31], new short[] {
        1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1
    });

    private final ZstdHistory out;
    private final long window;
    private final byte[] literals = new byte[MAX_BLOCK];
    private final long[] recent = {1, 4, 8};
    private @Nullable ZstdHuffman huffman;
    private @Nullable ZstdFse literalLengths;
    private @Nullable ZstdFse offsets;
    private @Nullable ZstdFse matchLengths;

    /** The use of a symbol table: the most bits of a state, and the base values. */
    private static final class Alphabet {
        private final int maxLog;
        private final int usualLog;
        private final int[] bases;
        private final int[] bits;
        private final short[] usual;

        Alphabet(int maxLog, int usualLog, int[] bases, int[] bits, short[] usual) {
            this.maxLog = maxLog;
            this.usualLog = usualLog;
            this.bases = bases;
            this.bits = bits;
            this.usual = usual;
        }
    }

    ZstdBlockDecoder(ZstdHistory out, long window) {
        this.out = out;
        this.window = window;
    }

    void decode(byte[] block, int size) throws FormatException {
        long limit = out.written() + MAX_BLOCK;
        int[] at = {0};
        int count = literals(block, at, size);
        sequences(block, at[0], size, count, limit);
    }

    /** The number of literals. */
    private int literals(byte[] block, int[] at, int end) throws FormatException {
        int format = (u8(block, 0, end) >> 2) & 3;
        return (block[0] & 3) < 2 ? plainLiterals(block, format, at, end) : codedLiterals(block, format, at, end);
    }

    private int plainLiterals(byte[] block, int format, int[] at, int end) throws FormatException {
        int head = format == 1 ? 2 : format == 3 ? 3 : 1;
        int count = (int) (number(block, 0, head, end) >> (head == 1 ? 3 : 4));
        check(count <= MAX_BLOCK, "more literals than a block may have");
        boolean one = (block[0] & 3) == 1;
        at[0] = head + (one ? 1 : count);
        check(at[0] <= end, "ends within literals");
        if (one) {
            Arrays.fill(literals, 0, count, block[head]);
        } else {
            System.arraycopy(block, head, literals, 0, count);
        }
        return count;
    }

    private int codedLiterals(byte[] block, int format, int[] at, int end) throws FormatException {
        int head = format < 2 ? 3 : format + 2;
        int width = format < 2 ? 10 : format == 2 ? 14 : 18;
        long sizes = number(block, 0, head, end) >> 4;
        int count = (int) (sizes & ((1 << width) - 1));
        int size = (int) (sizes >> width) & ((1 << width) - 1);
        check(count <= MAX_BLOCK && head + size <= end, "more literals than a block may have");
        at[0] = head;
        int treeEnd = head + size;
        if ((block[0] & 3) == 2) {
            huffman = ZstdHuffman.read(block, at, treeEnd);
        }
        ZstdHuffman tree = huffman;
        if (tree == null) {
            throw Broken.block("a block uses a tree, but there is no earlier one");
        }
        if (format == 0) {
            tree.decode(block, at[0], treeEnd, literals, 0, count);
        } else {
            fourStreams(tree, block, at[0], treeEnd, count);
        }
        at[0] = treeEnd;
        return count;
    }

    private void fourStreams(ZstdHuffman tree, byte[] block, int from, int end, int count) throws FormatException {
        int quarter = (count + 3) / 4;
        check(end - from >= 6 && quarter * 3 <= count, "four literal streams that are too short");
        int at = from + 6;
        for (int i = 0; i < 4; i++) {
            int until = i == 3 ? end : at + (int) number(block, from + 2 * i, 2, end);
            check(until <= end, "ends within literals");
            tree.decode(block, at, until, literals, i * quarter, i == 3 ? count - 3 * quarter : quarter);
            at = until;
        }
    }

    private void sequences(byte[] block, int from, int end, int literalCount, long limit) throws FormatException {
        int first = u8(block, from, end);
        int head = first < 128 ? 1 : first < 255 ? 2 : 3;
        int count = first < 128
                ? first
                : first < 255
                        ? ((first - 128) << 8) + u8(block, from + 1, end)
                        : (int) number(block, from + 1, 2, end) + 0x7f00;
        int used = 0;
        if (count > 0) {
            used = sequences(block, from + head, end, count, literalCount, limit);
        } else {
            check(from + head == end, "extra bytes after a block's literals");
        }
        check(out.written() + literalCount - used <= limit, "more content than a block may have");
        out.append(literals, used, literalCount - used);
    }

    /** Executes the sequences; returns how many literals they use. */
    private int sequences(byte[] block, int from, int end, int count, int literalCount, long limit)
            throws FormatException {
        int modes = u8(block, from, end);
        check((modes & 3) == 0, "reserved table modes");
        int[] at = {from + 1};
        ZstdFse lengthTable = table(modes >> 6, LITERALS, literalLengths, block, at, end);
        ZstdFse offsetTable = table(modes >> 4 & 3, OFFSETS, offsets, block, at, end);
        ZstdFse matchTable = table(modes >> 2 & 3, MATCHES, matchLengths, block, at, end);
        literalLengths = lengthTable;
        offsets = offsetTable;
        matchLengths = matchTable;
        ZstdBits in = new ZstdBits(block, at[0], end);
        int lengthState = lengthTable.begin(in);
        int offsetState = offsetTable.begin(in);
        int matchState = matchTable.begin(in);
        int used = 0;
        for (int left = count; left > 0; left--) {
            int code = offsetTable.symbol(offsetState);
            long value = (1L << code) + (in.read(code) & 0xffffffffL);
            int match = length(MATCHES, matchTable.symbol(matchState), in);
            int length = length(LITERALS, lengthTable.symbol(lengthState), in);
            long distance = distance(value, length == 0);
            check(length <= literalCount - used, "more literals used than there are");
            check(out.written() + length + match <= limit, "more content than a block may have");
            out.append(literals, used, length);
            used += length;
            check(
                    distance > 0 && distance <= window && distance <= out.written(),
                    "a match that starts before the content or the window");
            out.repeat(distance, match);
            if (left > 1) {
                lengthState = lengthTable.next(lengthState, in);
                matchState = matchTable.next(matchState, in);
                offsetState = offsetTable.next(offsetState, in);
            }
        }
        in.end();
        return used;
    }

    private static ZstdFse table(int mode, Alphabet alphabet, @Nullable ZstdFse before, byte[] block, int[] at, int end)
            throws FormatException {
        return switch (mode) {
            case 0 -> ZstdFse.of(alphabet.usualLog, alphabet.usual, alphabet.usual.length);
            case 1 -> {
                int symbol = u8(block, at[0]++, end);
                check(symbol < alphabet.bases.length, "a symbol that does not exist");
                yield ZstdFse.always(symbol);
            }
            case 2 -> ZstdFse.read(block, at, end, alphabet.maxLog, alphabet.bases.length - 1);
            default -> {
                if (before == null) {
                    throw Broken.block("a block uses a table, but there is no earlier one");
                }
                yield before;
            }
        };
    }

    private static int length(Alphabet alphabet, int code, ZstdBits in) {
        return alphabet.bases[code] + in.read(alphabet.bits[code]);
    }

    /** Small values stand for one of the last three distances; without preceding literals, the mapping differs. */
    private long distance(long value, boolean noLiterals) {
        if (value > 3) {
            recent[2] = recent[1];
            recent[1] = recent[0];
            recent[0] = value - 3;
            return recent[0];
        }
        int which = (int) value + (noLiterals ? 1 : 0);
        long distance = which == 4 ? recent[0] - 1 : recent[which - 1];
        if (which > 2) {
            recent[2] = recent[1];
        }
        if (which > 1) {
            recent[1] = recent[0];
            recent[0] = distance;
        }
        return distance;
    }

    private static int u8(byte[] block, int at, int end) throws FormatException {
        return (int) number(block, at, 1, end);
    }

    private static long number(byte[] block, int at, int size, int end) throws FormatException {
        check(at + size <= end, "a block that is too short");
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = (number << 8) | (block[at + i] & 0xffL);
        }
        return number;
    }

    private static void check(boolean right, String otherwise) throws FormatException {
        if (!right) {
            throw Broken.block(otherwise);
        }
    }
}
