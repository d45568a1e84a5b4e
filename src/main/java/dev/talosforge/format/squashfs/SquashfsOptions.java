package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.tree.Entry.Attributes;

/**
 * How an image is written. Owners, modes and times of entries are the tree's own.
 *
 * @param compression what {@code compressor} makes
 * @param level what is noted in the image as the zstd level; the number changes no byte of the data. Unused elsewhere
 * @param blockSize of file data before compression, in bytes; a power of two from 4096 to 1048576
 * @param modified time of the image, in seconds since the epoch, from 0 to 2^32 - 1
 * @param root owner, mode and time of the root directory
 * @param specialFiles whether device nodes and pipes are written; without it they are a
 *     {@link dev.talosforge.bytes.LimitException}, because a Talos extension that holds one is refused
 */
public record SquashfsOptions(
        CompressionId compression,
        BlockCompressor compressor,
        int level,
        int blockSize,
        long modified,
        Attributes root,
        boolean specialFiles) {
    /** What mksquashfs and Talos use. */
    public static final int DEFAULT_BLOCK_SIZE = 1 << 17;

    private static final int ROOT_PERMISSIONS = 0755;

    public SquashfsOptions {
        if (Integer.bitCount(blockSize) != 1 || blockSize < 1 << 12 || blockSize > 1 << 20) {
            throw new IllegalArgumentException(
                    "squashfs block size must be a power of two from 4096 to 1048576: " + blockSize);
        }
        if (modified < 0 || modified >>> 32 != 0) {
            throw new IllegalArgumentException("squashfs time must be from 0 to 4294967295 seconds: " + modified);
        }
    }

    /** An xz image with blocks of 128 KiB; the compressor's dictionary must not be larger than a block. */
    public static SquashfsOptions xz(BlockCompressor compressor, long modified) {
        return new SquashfsOptions(
                CompressionId.XZ,
                compressor,
                0,
                DEFAULT_BLOCK_SIZE,
                modified,
                Attributes.root(ROOT_PERMISSIONS, modified),
                false);
    }

    /** A zstd image with blocks of 128 KiB; the compressor's frames must not ask for a window larger than a block. */
    public static SquashfsOptions zstd(BlockCompressor compressor, int level, long modified) {
        return new SquashfsOptions(
                CompressionId.ZSTD,
                compressor,
                level,
                DEFAULT_BLOCK_SIZE,
                modified,
                Attributes.root(ROOT_PERMISSIONS, modified),
                false);
    }

    public SquashfsOptions withBlockSize(int changed) {
        return new SquashfsOptions(compression, compressor, level, changed, modified, root, specialFiles);
    }

    public SquashfsOptions withRoot(Attributes changed) {
        return new SquashfsOptions(compression, compressor, level, blockSize, modified, changed, specialFiles);
    }

    /** Lets device nodes and pipes be written. */
    public SquashfsOptions withSpecialFiles() {
        return new SquashfsOptions(compression, compressor, level, blockSize, modified, root, true);
    }
}
