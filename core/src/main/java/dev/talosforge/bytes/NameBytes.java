package dev.talosforge.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * Converts file names to text and back to the same bytes. On Linux names are bytes, nearly always UTF-8. A byte that
 * belongs to no character becomes a lone surrogate, U+DC80 to U+DCFF for 0x80 to 0xFF, which no valid UTF-8 decodes to.
 * Python does the same and calls it {@code surrogateescape} (PEP 383).
 */
public final class NameBytes {
    private static final int ESCAPE = 0xdc00;
    private static final int FIRST = 0xdc80;
    private static final int LAST = 0xdcff;

    private NameBytes() {}

    /** Accepts any bytes; {@link #of} returns them again. */
    public static String text(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult result = decoder.decode(in, out, true);
                result.isError();
                result = decoder.decode(in, out, true)) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE | (in.get() & 0xff)));
            }
        }
        return out.flip().toString();
    }

    /** The bytes of a name. A lone surrogate that stands for no byte becomes a question mark. */
    public static byte[] of(String name) {
        if (isText(name)) {
            return name.getBytes(UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
        int start = 0;
        for (int i = 0; i < name.length(); i++) {
            if (isByte(name, i)) {
                bytes.writeBytes(name.substring(start, i).getBytes(UTF_8));
                bytes.write(name.charAt(i));
                start = i + 1;
            }
        }
        bytes.writeBytes(name.substring(start).getBytes(UTF_8));
        return bytes.toByteArray();
    }

    /** Whether the name consists of characters only. */
    public static boolean isText(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isByte(name, i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether this position holds a byte and not a character. */
    public static boolean isByte(String name, int at) {
        char c = name.charAt(at);
        return c >= FIRST && c <= LAST && (at == 0 || !Character.isHighSurrogate(name.charAt(at - 1)));
    }

    /** For people: a byte that is not a character is written as a shell's {@code printf} accepts it. */
    public static String shown(String name) {
        if (isText(name)) {
            return name;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (isByte(name, i)) {
                text.append("\\x%02x".formatted(name.charAt(i) & 0xff));
            } else {
                text.append(name.charAt(i));
            }
        }
        return text.toString();
    }
}
