package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.FormatException;

/** Decompresses blocks, and adds the position in the image to errors. */
final class Decompression {
    private Decompression() {}

    static byte[] block(
            String structure,
            long position,
            BlockDecompressor decompressor,
            byte[] stored,
            int offset,
            int size,
            int limit)
            throws FormatException {
        byte[] content;
        try {
            content = decompressor.decompress(stored, offset, size, limit);
        } catch (FormatException e) {
            FormatException broken =
                    new FormatException(structure, position, "cannot be decompressed: " + e.getMessage());
            broken.initCause(e);
            throw broken;
        }
        if (content.length == 0) {
            throw new FormatException(structure, position, "is empty");
        }
        return content;
    }
}
