package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads members to the end of the stream. The JDK's own class silently treats whatever follows a member as padding,
 * even garbage or another member with a truncated header.
 */
final class GzipInputStream extends InputStream {
    private static final String NAME = "gzip stream";

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private int next;
    private int limit;

    /** Position of {@link #limit} in the compressed stream, in bytes. */
    private long position;

    private State state = State.AT_FIRST;
    private boolean closed;

    private enum State {
        AT_FIRST,
        IN_MEMBER,
        AFTER_MEMBER,
        AT_END
    }

    GzipInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("gzip stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        while (true) {
            switch (state) {
                case AT_FIRST -> {
                    expect(GzipFrame.ID1, "ID1");
                    header();
                }
                case AFTER_MEMBER -> afterMember();
                case IN_MEMBER -> {
                    int count = inflate(into, offset, length);
                    if (count > 0) {
                        return count;
                    }
                }
                case AT_END -> {
                    return -1;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            inflater.end();
        }
        in.close();
    }

    private int inflate(byte[] into, int offset, int length) throws IOException {
        try {
            int count = inflater.inflate(into, offset, length);
            crc.update(into, offset, count);
            if (inflater.finished()) {
                next = limit - inflater.getRemaining();
                trailer();
            } else if (inflater.needsDictionary()) {
                throw broken("asks for a preset dictionary");
            } else if (count == 0) {
                if (!fillBuffer()) {
                    throw broken("ends within a member");
                }
                inflater.setInput(buffer, 0, limit);
            }
            return count;
        } catch (DataFormatException e) {
            throw Broken.because(NAME, position, e);
        }
    }

    private void header() throws IOException {
        expect(GzipFrame.ID2, "ID2");
        GzipFrame.readHeader(this::octet, this::broken);
        inflater.reset();
        inflater.setInput(buffer, next, limit - next);
        crc.reset();
        state = State.IN_MEMBER;
    }

    private void trailer() throws IOException {
        long sum = number(4);
        if (sum != crc.getValue()) {
            throw broken("CRC32 is 0x%08x; the content's is 0x%08x".formatted(sum, crc.getValue()));
        }
        long size = number(4);
        if (size != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw broken("ISIZE is %d; the content has %d bytes".formatted(size, inflater.getBytesWritten()));
        }
        state = State.AFTER_MEMBER;
    }

    private void afterMember() throws IOException {
        boolean padded = false;
        while (next < limit || fillBuffer()) {
            int value = octet();
            if (value == GzipFrame.ID1 && !padded) {
                header();
                return;
            }
            if (value != 0) {
                throw broken("a member is followed by something that is not a member");
            }
            padded = true;
        }
        state = State.AT_END;
    }

    private void expect(int value, String field) throws IOException {
        int found = octet();
        if (found != value) {
            throw broken("%s is 0x%02x, expected 0x%02x".formatted(field, found, value));
        }
    }

    private long number(int size) throws IOException {
        long number = 0;
        for (int i = 0; i < size; i++) {
            number |= (long) octet() << (8 * i);
        }
        return number;
    }

    private int octet() throws IOException {
        if (next >= limit && !fillBuffer()) {
            throw broken("ends within a member");
        }
        return Byte.toUnsignedInt(buffer[next++]);
    }

    private boolean fillBuffer() throws IOException {
        next = 0;
        limit = Math.max(in.read(buffer), 0);
        position += limit;
        return limit > 0;
    }

    private FormatException broken(String what) {
        return new FormatException(NAME, Math.max(position - limit + next, 0), what);
    }
}
