package dev.talosforge.bytes;

/** Bytes that are no text of the character set they should be in, for people: what is not ASCII is {@code \\xHH}. */
public final class EscapedBytes {
    /** A path's worth. */
    private static final int MAX_SHOWN = 4096;

    private EscapedBytes() {}

    /** As {@code printf} in a shell takes them back. */
    public static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, MAX_SHOWN); i++) {
            int value = Byte.toUnsignedInt(bytes[i]);
            if (value < ' ' || value >= 0x7f || value == '\\') {
                text.append("\\x%02x".formatted(value));
            } else {
                text.append((char) value);
            }
        }
        return text.append(bytes.length > MAX_SHOWN ? "…" : "").toString();
    }
}
