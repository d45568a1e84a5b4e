package dev.talosforge.bytes;

/** Undoes a {@link BlockCompressor}. Safe to be used by several threads at once. */
public interface BlockDecompressor {
    /**
     * The block's content.
     *
     * @param limit the largest size in bytes it may have; a block that holds more is a {@link FormatException}, and no
     *     more than about this much memory is used whatever the bytes say
     */
    byte[] decompress(byte[] block, int offset, int length, int limit) throws FormatException;
}
