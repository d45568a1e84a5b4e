package dev.talosforge.bytes;

/** Compresses one block by itself. Safe to be used by several threads at once; the same block gives the same bytes. */
public interface BlockCompressor {
    /** The compressed block, whatever its size: the format decides whether it is worth storing. */
    byte[] compress(byte[] block, int offset, int length);
}
