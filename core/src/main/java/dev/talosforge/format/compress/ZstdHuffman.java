package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;

/** A Huffman code table for literals. RFC 8878, section 4.2. */
final class ZstdHuffman {
    private static final int MAX_BITS = 11;
    private static final int MAX_SYMBOLS = 256;
    private static final int MAX_WEIGHT_LOG = 6;

    private final int log;
    private final byte[] symbols;
    private final byte[] bits;

    private ZstdHuffman(int log) {
        this.log = log;
        this.symbols = new byte[1 << log];
        this.bits = new byte[1 << log];
    }

    /** Reads a tree's description; the first item of {@code at} holds its start, and then its end. */
    static ZstdHuffman read(byte[] block, int[] at, int end) throws FormatException {
        if (at[0] >= end) {
            throw Broken.block("ends before a tree");
        }
        int head = Byte.toUnsignedInt(block[at[0]++]);
        int[] weights = new int[MAX_SYMBOLS];
        int size = head < 128 ? head : (head - 127 + 1) / 2;
        if (size > end - at[0]) {
            throw Broken.block("ends within a tree");
        }
        int count;
        if (head < 128) {
            count = compressed(block, at[0], at[0] + size, weights);
        } else {
            count = head - 127;
            for (int i = 0; i < count; i++) {
                int pair = block[at[0] + i / 2];
                weights[i] = (i % 2 == 0 ? pair >> 4 : pair) & 0xf;
            }
        }
        at[0] += size;
        return of(weights, count);
    }

    private static int compressed(byte[] block, int from, int to, int[] weights) throws FormatException {
        int[] at = {from};
        ZstdFse table = ZstdFse.read(block, at, to, MAX_WEIGHT_LOG, MAX_SYMBOLS - 1);
        ZstdBits in = new ZstdBits(block, at[0], to);
        int[] states = {table.begin(in), table.begin(in)};
        int count = 0;
        for (int turn = 0; ; turn ^= 1) { // missing bits at the end are zeros
            if (count >= MAX_SYMBOLS - 2) {
                throw Broken.block("a tree with more symbols than there are");
            }
            weights[count++] = table.symbol(states[turn]);
            states[turn] = table.next(states[turn], in);
            if (in.left() < 0) {
                weights[count++] = table.symbol(states[turn ^ 1]);
                return count;
            }
        }
    }

    /** The last weight makes up the difference to a power of two. */
    private static ZstdHuffman of(int[] weights, int count) throws FormatException {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] > MAX_BITS + 1) {
                throw Broken.block("a code of more than %d bits".formatted(MAX_BITS));
            }
            sum += weights[i] == 0 ? 0 : 1 << (weights[i] - 1);
        }
        int log = sum == 0 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(sum);
        int missing = (1 << log) - sum;
        if (log == 0 || log > MAX_BITS || Integer.bitCount(missing) != 1) {
            throw Broken.block("a tree whose codes do not fill it");
        }
        weights[count] = Integer.numberOfTrailingZeros(missing) + 1;
        ZstdHuffman table = new ZstdHuffman(log);
        int position = 0;
        for (int weight = 1; weight <= log; weight++) {
            for (int symbol = 0; symbol <= count; symbol++) {
                if (weights[symbol] == weight) {
                    int until = position + (1 << (weight - 1));
                    java.util.Arrays.fill(table.symbols, position, until, (byte) symbol);
                    java.util.Arrays.fill(table.bits, position, until, (byte) (log + 1 - weight));
                    position = until;
                }
            }
        }
        if (position != table.symbols.length) {
            throw Broken.block("a tree whose codes do not fill it");
        }
        return table;
    }

    /** Decodes one stream of exactly this many literals. */
    void decode(byte[] block, int from, int to, byte[] into, int offset, int count) throws FormatException {
        ZstdBits in = new ZstdBits(block, from, to);
        for (int i = 0; i < count; i++) {
            int code = in.peek(log);
            into[offset + i] = symbols[code];
            in.skip(bits[code]);
        }
        in.end();
    }
}
