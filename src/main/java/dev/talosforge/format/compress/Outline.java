package dev.talosforge.format.compress;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;

/** How the outline of a stream is read at any place of a file. */
final class Outline {
    private Outline() {}

    /** The place, which has to be in the file or where that ends. */
    static long end(ByteSource source, String structure, long at) throws FormatException {
        if (at > source.size()) {
            throw new FormatException(
                    structure, at, "ends behind the file, which has %d bytes".formatted(source.size()));
        }
        return at;
    }

    /** A little-endian number of so many bytes. */
    static long number(ByteSource source, String structure, long at, int size) throws IOException {
        byte[] bytes = source.read(structure, at, size);
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = number << 8 | (bytes[i] & 0xffL);
        }
        return number;
    }
}
