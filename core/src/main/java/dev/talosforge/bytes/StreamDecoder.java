package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InputStream;

/** Decompresses a stream. Memory is bounded, the length is not: the reader must set a limit. */
@FunctionalInterface
public interface StreamDecoder {
    /** Closing the result closes {@code compressed}. Broken input surfaces as {@link FormatException} while reading. */
    InputStream decode(InputStream compressed) throws IOException;
}
