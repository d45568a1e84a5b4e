package dev.talosforge.bytes;

/** Compresses one block on its own. Thread-safe; the same block always gives the same bytes. */
public interface BlockCompressor {
    /** The compressed block, whatever its size: the format decides whether it is worth storing. */
    byte[] compress(byte[] block, int offset, int length);
}
