package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.tree.Entry.Attributes;

/**
 * Options for writing an image. Owners, modes and times of entries come from the tree.
 *
 * @param compression the output format of {@code compressor}
 * @param level the zstd level to record in the image; it does not change the data. Unused with other compressions
 * @param blockSize of file data before compression, in bytes; a power of two from 4096 to 1048576
 * @param modified time of the image, in seconds since the epoch, from 0 to 2^32 - 1
 * @param root owner, mode and time of the root directory
 * @param specialFiles whether to write device nodes and pipes; otherwise they are a
 *     {@link dev.talosforge.bytes.LimitException}, because Talos refuses extensions that contain one
 */
public record SquashfsOptions(
        CompressionId compression,
        BlockCompressor compressor,
        int level,
        int blockSize,
        long modified,
        Attributes root,
        boolean specialFiles) {
    /** The default of mksquashfs and Talos. */
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

    /** An xz image with blocks of 128 KiB; the compressor's dictionary must not exceed a block. */
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

    /** A zstd image with blocks of 128 KiB; the window of the compressor's frames must not exceed a block. */
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

    /** Allows device nodes and pipes. */
    public SquashfsOptions withSpecialFiles() {
        return new SquashfsOptions(compression, compressor, level, blockSize, modified, root, true);
    }
}
