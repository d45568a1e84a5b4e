package dev.talosforge.format.compress;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;

/** Reads parts of a stream's structure at any position in a file. */
final class Outline {
    private Outline() {}

    /** The position, which must be within the file or at its end. */
    static long end(ByteSource source, String structure, long at) throws FormatException {
        if (at > source.size()) {
            throw new FormatException(
                    structure, at, "extends beyond the end of the file, which has %d bytes".formatted(source.size()));
        }
        return at;
    }

    /** A little-endian number with this many bytes. */
    static long number(ByteSource source, String structure, long at, int size) throws IOException {
        byte[] bytes = source.read(structure, at, size);
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = number << 8 | (bytes[i] & 0xffL);
        }
        return number;
    }
}
