package dev.talosforge.bytes;

/** Shows bytes that are invalid in their expected character set: everything that is not ASCII becomes {@code \\xHH}. */
public final class EscapedBytes {
    /** As long as the longest path. */
    private static final int MAX_SHOWN = 4096;

    private EscapedBytes() {}

    /** In the form that a shell's {@code printf} turns back into the bytes. */
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
