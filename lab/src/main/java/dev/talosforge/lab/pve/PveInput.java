package dev.talosforge.lab.pve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client sends, one TLS record at a time. Every wait ends with the socket's timeout. */
final class PveInput {
    /** Of a TLS record's plain text, so that one read gives one record. */
    private static final int RECORD = 16 << 10;

    private static final int MAX_HEADER_BYTES = 8192;
    private static final int MAX_HEADER_LINES = 62;

    private final InputStream in;
    private byte[] pending = new byte[0];

    /** A request head that the real server does not answer. */
    static final class Unanswerable extends Exception {
        Unanswerable(String why) {
            super(why);
        }
    }

    PveInput(InputStream in) {
        this.in = in;
    }

    /** Bytes that have arrived and are not consumed. */
    int available() {
        return pending.length;
    }

    /** Waits for the next record; false at the end of the stream. */
    private boolean more() throws IOException {
        byte[] record = new byte[RECORD];
        int count = in.read(record);
        if (count < 0) {
            return false;
        }
        int before = pending.length;
        pending = Arrays.copyOf(pending, before + count);
        System.arraycopy(record, 0, pending, before, count);
        return true;
    }

    /** The lines up to the blank one; null at the end of the stream. */
    @Nullable
    List<String> head() throws IOException, Unanswerable {
        while (true) {
            String text = new String(pending, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
                if (end >= MAX_HEADER_BYTES || lines.size() - 1 > MAX_HEADER_LINES) {
                    throw new Unanswerable("too many headers");
                }
                pending = Arrays.copyOfRange(pending, end + 4, pending.length);
                return lines;
            }
            if (pending.length >= MAX_HEADER_BYTES) {
                throw new Unanswerable("too large a head");
            }
            if (!more()) {
                return null;
            }
        }
    }

    /** What is available, else the next record, but no more than {@code most} bytes; empty at the end of the stream. */
    byte[] next(long most) throws IOException {
        if (pending.length == 0 && !more()) {
            return pending;
        }
        int count = (int) Math.min(most, pending.length);
        byte[] taken = Arrays.copyOf(pending, count);
        pending = Arrays.copyOfRange(pending, count, pending.length);
        return taken;
    }

    /** Exactly this many bytes, or fewer at the end of the stream. */
    byte[] body(int length) throws IOException {
        while (pending.length < length && more()) {
            // more() appends to what is pending
        }
        return next0(length);
    }

    private byte[] next0(int most) {
        int count = Math.min(most, pending.length);
        byte[] taken = Arrays.copyOf(pending, count);
        pending = Arrays.copyOfRange(pending, count, pending.length);
        return taken;
    }
}
