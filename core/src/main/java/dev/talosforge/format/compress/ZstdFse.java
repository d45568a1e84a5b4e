package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;

/** A finite state entropy table: each state's symbol, and how to find the next state. RFC 8878, section 4.1. */
final class ZstdFse {
    private final int log;
    private final byte[] symbols;
    private final byte[] bits;
    private final short[] bases;

    private ZstdFse(int log) {
        this.log = log;
        this.symbols = new byte[1 << log];
        this.bits = new byte[1 << log];
        this.bases = new short[1 << log];
    }

    /** A table that always gives the same symbol and uses no bits. */
    static ZstdFse always(int symbol) {
        ZstdFse table = new ZstdFse(0);
        table.symbols[0] = (byte) symbol;
        return table;
    }

    /** From the probability of each symbol: -1 for "less than one". */
    static ZstdFse of(int log, short[] shares, int count) throws FormatException {
        ZstdFse table = new ZstdFse(log);
        int size = 1 << log;
        int high = size;
        int[] next = new int[count];
        for (int symbol = 0; symbol < count; symbol++) {
            if (shares[symbol] == -1) {
                table.symbols[--high] = (byte) symbol;
                next[symbol] = 1;
            }
        }
        int step = (size >> 1) + (size >> 3) + 3;
        int position = 0;
        for (int symbol = 0; symbol < count; symbol++) {
            for (int i = 0; i < shares[symbol]; i++) {
                next[symbol] = shares[symbol];
                table.symbols[position] = (byte) symbol;
                do {
                    position = (position + step) & (size - 1);
                } while (position >= high);
            }
        }
        if (position != 0) {
            throw Broken.block("probabilities that do not fill their table");
        }
        for (int state = 0; state < size; state++) {
            int value = next[table.symbols[state]]++;
            int taken = log - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value));
            table.bits[state] = (byte) taken;
            table.bases[state] = (short) ((value << taken) - size);
        }
        return table;
    }

    /**
     * Reads a table's description.
     *
     * @param at holds the start as its first item, and then the end
     */
    static ZstdFse read(byte[] block, int[] at, int end, int maxLog, int maxSymbol) throws FormatException {
        ForwardBits in = new ForwardBits(block, at[0], end);
        int log = in.read(4) + 5;
        if (log > maxLog) {
            throw Broken.block("a symbol table with more than %d bits".formatted(maxLog));
        }
        short[] shares = new short[maxSymbol + 1];
        int symbol = 0;
        int remaining = 1 << log;
        while (remaining > 0) {
            if (symbol > maxSymbol) {
                throw Broken.block("a table with more symbols than there are");
            }
            int width = Integer.SIZE - Integer.numberOfLeadingZeros(remaining + 1);
            int value = in.peek(width);
            int lower = (1 << (width - 1)) - 1;
            int threshold = (1 << width) - 1 - (remaining + 1);
            if ((value & lower) < threshold) {
                in.skip(width - 1);
                value &= lower;
            } else {
                in.skip(width);
                value = value > lower ? value - threshold : value;
            }
            int share = value - 1;
            remaining -= Math.abs(share);
            shares[symbol++] = (short) share;
            symbol = share == 0 ? zeros(in, symbol) : symbol;
        }
        if (remaining < 0 || symbol > maxSymbol + 1) {
            throw Broken.block("probabilities that do not fill their table");
        }
        at[0] = in.end();
        return of(log, shares, symbol);
    }

    /** After a symbol with probability zero: how many more such symbols follow. */
    private static int zeros(ForwardBits in, int symbol) throws FormatException {
        int next = symbol;
        int more;
        do {
            more = in.read(2);
            next += more;
        } while (more == 3);
        return next;
    }

    int begin(ZstdBits in) {
        return in.read(log);
    }

    int symbol(int state) {
        return Byte.toUnsignedInt(symbols[state]);
    }

    int next(int state, ZstdBits in) {
        return bases[state] + in.read(bits[state]);
    }

    /** Bits from the start, which only table descriptions use. */
    private static final class ForwardBits {
        private final byte[] bytes;
        private final int start;
        private final int end;
        private int position;

        ForwardBits(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.start = start;
            this.end = end;
        }

        int peek(int count) {
            int value = 0;
            for (int i = 0; i < count; i++) {
                int at = start + ((position + i) >> 3);
                value |= at < end ? ((bytes[at] >> ((position + i) & 7)) & 1) << i : 0;
            }
            return value;
        }

        void skip(int count) throws FormatException {
            position += count;
            if (start + ((position + 7) >> 3) > end) {
                throw Broken.block("ends within a symbol table");
            }
        }

        int read(int count) throws FormatException {
            int value = peek(count);
            skip(count);
            return value;
        }

        /** A description consists of whole bytes. */
        int end() {
            return start + ((position + 7) >> 3);
        }
    }
}
