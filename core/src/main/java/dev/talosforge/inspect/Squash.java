package dev.talosforge.inspect;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zlib;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.squashfs.CompressionId;
import dev.talosforge.format.squashfs.SquashfsReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens squashfs images with the available codecs. */
final class Squash {
    private Squash() {}

    static SquashfsReader open(ByteSource image) throws IOException {
        return SquashfsReader.open(image, Squash::codec);
    }

    private static @Nullable BlockDecompressor codec(CompressionId compression) {
        return switch (compression) {
            case GZIP -> Zlib.decodeBlocks();
            case XZ -> Xz.decodeBlocks();
            case ZSTD -> Zstd.decodeBlocks();
            case LZMA, LZO, LZ4 -> null;
        };
    }
}
