package dev.talosforge.bytes;

/** Reverses a {@link BlockCompressor}. Thread-safe. */
public interface BlockDecompressor {
    /**
     * The block's content.
     *
     * @param limit the largest size in bytes the content may have; a block that holds more is a
     *     {@link FormatException}, and memory use stays near this limit whatever the bytes say
     */
    byte[] decompress(byte[] block, int offset, int length, int limit) throws FormatException;
}
