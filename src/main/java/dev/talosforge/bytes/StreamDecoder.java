package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InputStream;

/** Decompresses a stream. Memory is bounded, length is not: who reads has to stop somewhere. */
@FunctionalInterface
public interface StreamDecoder {
    /** Closing the result closes {@code compressed}. Broken input surfaces as {@link FormatException} while reading. */
    InputStream decode(InputStream compressed) throws IOException;
}
