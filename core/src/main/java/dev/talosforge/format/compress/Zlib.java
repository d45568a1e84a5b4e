package dev.talosforge.format.compress;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.FormatException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The zlib format, RFC 1950, as used by SquashFS images with gzip compression. */
public final class Zlib {
    private Zlib() {}

    /** Reads blocks of one stream each. */
    public static BlockDecompressor decodeBlocks() {
        return (block, offset, length, limit) -> {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(block, offset, length);
                byte[] content = new byte[limit];
                int size = 0;
                while (!inflater.finished() && size < limit) {
                    int count = inflater.inflate(content, size, limit - size);
                    if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                        throw new FormatException("zlib block", size, "ends too early or asks for a dictionary");
                    }
                    size += count;
                }
                if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
                    throw new FormatException("zlib block", limit, "holds more than %d bytes".formatted(limit));
                }
                return size == limit ? content : Arrays.copyOf(content, size);
            } catch (DataFormatException e) {
                throw Broken.because("zlib block", 0, e);
            } finally {
                inflater.end();
            }
        };
    }
}
