package dev.talosforge.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes what {@link FieldWriter} encodes. Unsigned values come back as non-negative Java values. */
public final class FieldReader {
    private final String structure;
    private final long base;
    private final ByteBuffer buffer;

    private FieldReader(String structure, byte[] bytes, long base, ByteOrder order) {
        this.structure = structure;
        this.base = base;
        this.buffer = ByteBuffer.wrap(bytes).order(order);
    }

    /**
     * A reader over one structure.
     *
     * @param base where {@code bytes} start in the file, in bytes; used only in error messages
     */
    public static FieldReader littleEndian(String structure, byte[] bytes, long base) {
        return new FieldReader(structure, bytes, base, ByteOrder.LITTLE_ENDIAN);
    }

    /** As {@link #littleEndian}, in the other byte order. */
    public static FieldReader bigEndian(String structure, byte[] bytes, long base) {
        return new FieldReader(structure, bytes, base, ByteOrder.BIG_ENDIAN);
    }

    public int u8(String name) throws FormatException {
        need(name, Byte.BYTES);
        return Byte.toUnsignedInt(buffer.get());
    }

    public int u16(String name) throws FormatException {
        need(name, Short.BYTES);
        return Short.toUnsignedInt(buffer.getShort());
    }

    public long u32(String name) throws FormatException {
        need(name, Integer.BYTES);
        return Integer.toUnsignedLong(buffer.getInt());
    }

    public long u64(String name) throws FormatException {
        need(name, Long.BYTES);
        return buffer.getLong();
    }

    /** The next {@code size} bytes, unchanged. */
    public byte[] bytes(String name, int size) throws FormatException {
        need(name, size);
        byte[] bytes = new byte[size];
        buffer.get(bytes);
        return bytes;
    }

    /** Bytes still unread. */
    public int remaining() {
        return buffer.remaining();
    }

    /** Absolute offset of the next field, in bytes. */
    public long offset() {
        return base + buffer.position();
    }

    /** Reads a field whose value the format fixes: a magic number or a version. */
    public void expectU32(String name, long expected) throws FormatException {
        long at = base + buffer.position();
        long found = u32(name);
        if (found != expected) {
            throw new FormatException(structure, at, "%s is 0x%08x, expected 0x%08x".formatted(name, found, expected));
        }
    }

    public void expectU16(String name, int expected) throws FormatException {
        long at = base + buffer.position();
        int found = u16(name);
        if (found != expected) {
            throw new FormatException(structure, at, "%s is %d, expected %d".formatted(name, found, expected));
        }
    }

    private void need(String name, int size) throws FormatException {
        if (buffer.remaining() < size) {
            throw new FormatException(
                    structure,
                    base + buffer.position(),
                    "ends before %s: %d bytes left, %d needed".formatted(name, buffer.remaining(), size));
        }
    }
}
