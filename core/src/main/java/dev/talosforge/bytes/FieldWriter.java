package dev.talosforge.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes a fixed-size structure field by field.
 *
 * <p>Every field is named and range-checked: a value that does not fit is an error and never a truncation.
 * {@link #toBytes} insists that exactly the declared size was written, so a forgotten or repeated field fails in the
 * first test that encodes the structure.
 */
public final class FieldWriter {
    private final String structure;
    private final ByteBuffer buffer;
    private final List<Field> fields = new ArrayList<>();

    private FieldWriter(String structure, int size, ByteOrder order) {
        this.structure = structure;
        this.buffer = ByteBuffer.allocate(size).order(order);
    }

    public static FieldWriter littleEndian(String structure, int size) {
        return new FieldWriter(structure, size, ByteOrder.LITTLE_ENDIAN);
    }

    public static FieldWriter bigEndian(String structure, int size) {
        return new FieldWriter(structure, size, ByteOrder.BIG_ENDIAN);
    }

    public FieldWriter u8(String name, int value) {
        begin(name, Byte.BYTES, value, value >>> 8 == 0);
        buffer.put((byte) value);
        return this;
    }

    public FieldWriter u16(String name, int value) {
        begin(name, Short.BYTES, value, value >>> 16 == 0);
        buffer.putShort((short) value);
        return this;
    }

    /** Takes a {@code long} to cover the whole unsigned range. */
    public FieldWriter u32(String name, long value) {
        begin(name, Integer.BYTES, value, value >>> 32 == 0);
        buffer.putInt((int) value);
        return this;
    }

    /** All 64 bits; {@code -1} usually means "table not present". */
    public FieldWriter u64(String name, long value) {
        begin(name, Long.BYTES, value, true);
        buffer.putLong(value);
        return this;
    }

    /** ISO 9660's "both-byte order": little-endian, then big-endian, as one field of four bytes. */
    public FieldWriter both16(String name, int value) {
        begin(name, 2 * Short.BYTES, value, value >>> 16 == 0);
        buffer.putShort(shortIn(ByteOrder.LITTLE_ENDIAN, value)).putShort(shortIn(ByteOrder.BIG_ENDIAN, value));
        return this;
    }

    /** ISO 9660's "both-byte order": little-endian, then big-endian, as one field of eight bytes. */
    public FieldWriter both32(String name, long value) {
        begin(name, 2 * Integer.BYTES, value, value >>> 32 == 0);
        buffer.putInt(intIn(ByteOrder.LITTLE_ENDIAN, value)).putInt(intIn(ByteOrder.BIG_ENDIAN, value));
        return this;
    }

    /** The bytes unchanged; the field is as long as the array. */
    public FieldWriter bytes(String name, byte[] value) {
        begin(name, value.length, value.length, true);
        buffer.put(value);
        return this;
    }

    /**
     * Text with one byte per character, padded to {@code size} bytes.
     *
     * @param pad the byte to pad with: a space or NUL
     */
    public FieldWriter text(String name, String value, int size, char pad) {
        byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        if (bytes.length > size || !value.chars().allMatch(c -> c < 256)) {
            throw new IllegalArgumentException(
                    "%s.%s: \"%s\" does not fit in %d bytes".formatted(structure, name, value, size));
        }
        begin(name, size, bytes.length, true);
        buffer.put(bytes);
        for (int i = bytes.length; i < size; i++) {
            buffer.put((byte) pad);
        }
        return this;
    }

    /** Reserved or unused bytes, zero. */
    public FieldWriter zeros(String name, int size) {
        begin(name, size, 0, true);
        buffer.put(new byte[size]);
        return this;
    }

    private short shortIn(ByteOrder order, int value) {
        return buffer.order() == order ? (short) value : Short.reverseBytes((short) value);
    }

    private int intIn(ByteOrder order, long value) {
        return buffer.order() == order ? (int) value : Integer.reverseBytes((int) value);
    }

    /** The encoded structure. Fails unless it is exactly as long as declared. */
    public byte[] toBytes() {
        if (buffer.hasRemaining()) {
            throw new IllegalStateException(
                    "%s: %d of %d bytes written".formatted(structure, buffer.position(), buffer.capacity()));
        }
        return buffer.array();
    }

    /** The layout that was written; tests compare it with the table in {@code docs/formats}. */
    public List<Field> layout() {
        return List.copyOf(fields);
    }

    private void begin(String name, int size, long value, boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException("%s.%s at +%d: %d does not fit in %d unsigned bytes"
                    .formatted(structure, name, buffer.position(), value, size));
        }
        if (buffer.remaining() < size) {
            throw new IllegalStateException("%s.%s: past the end at +%d".formatted(structure, name, buffer.position()));
        }
        fields.add(new Field(buffer.position(), size, name));
    }
}
