package dev.talosforge.format.compress;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.StreamDecoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** The xz format, and the bare LZMA stream that GRUB unpacks itself from. */
public final class Xz {
    /** Smaller than zstd's level 18 in a quarter of its time. */
    public static final int DEFAULT_PRESET = 1;

    private static final int MIN_DICTIONARY = 1 << 13;

    /** Largest block, and so largest dictionary, in SquashFS; in bytes. */
    private static final int MAX_BLOCK = 1 << 20;

    /** Enough for {@code xz -9}, whose dictionary is 64 MiB; in KiB. */
    private static final int STREAM_MEMORY_KIB = 80 << 10;

    /** Memory that a decoder needs besides its dictionary, in KiB; generous. */
    private static final int DECODER_OVERHEAD_KIB = 1 << 10;

    private Xz() {}

    /** {@link #blocks(int, int)} with {@link #DEFAULT_PRESET}. */
    public static BlockCompressor blocks(int blockSize) {
        return blocks(blockSize, DEFAULT_PRESET);
    }

    /**
     * Streams of one block each, with a CRC32, that the kernel's SquashFS accepts: the dictionary is a power of two and
     * never larger than {@code blockSize} or, if that is more, 8 KiB.
     *
     * @param blockSize the longest block, in bytes; a power of two from 4096 to 1048576
     * @param preset from 0 to 9: 1 is fast, 6 is small
     */
    public static BlockCompressor blocks(int blockSize, int preset) {
        if (Integer.bitCount(blockSize) != 1 || blockSize < 1 << 12 || blockSize > MAX_BLOCK) {
            throw new IllegalArgumentException("not a block size: " + blockSize);
        }
        if (preset < LZMA2Options.PRESET_MIN || preset > LZMA2Options.PRESET_MAX) {
            throw new IllegalArgumentException("not an xz preset: " + preset);
        }
        ArrayCache arrays =
                new BasicArrayCache(); // an encoder takes several megabytes, so it is reused for the next block
        int largest = Math.max(blockSize, MIN_DICTIONARY);
        return (block, offset, length) -> {
            if (length > largest) {
                throw new IllegalArgumentException("a block of %d bytes; the limit is %d".formatted(length, largest));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream(length / 2 + 64);
            try (var xz =
                    new XZOutputStream(out, options(preset, dictionary(length, largest)), XZ.CHECK_CRC32, arrays)) {
                xz.write(block, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory cannot fail", e);
            }
            return out.toByteArray();
        };
    }

    /** Reverses {@link #blocks}, and reads blocks of other SquashFS writers, including branch filters. */
    public static BlockDecompressor decodeBlocks() {
        ArrayCache arrays = new BasicArrayCache();
        return (block, offset, length, limit) -> {
            int memory = (Math.max(limit, MAX_BLOCK) >>> 10) + DECODER_OVERHEAD_KIB;
            try (var xz = new XZInputStream(new ByteArrayInputStream(block, offset, length), memory, true, arrays)) {
                byte[] content = xz.readNBytes(limit);
                if (xz.read() >= 0) {
                    throw new FormatException("xz block", 0, "holds more than %d bytes".formatted(limit));
                }
                return content;
            } catch (IOException | RuntimeException e) {
                throw Broken.because("xz block", 0, e);
            }
        };
    }

    /** Reads .xz streams, one after another, with dictionaries up to 64 MiB. */
    public static StreamDecoder decoder() {
        return compressed ->
                new GuardedInputStream("xz stream", compressed, () -> new XZInputStream(compressed, STREAM_MEMORY_KIB));
    }

    /**
     * A bare LZMA stream with lc=3, lp=0, pb=2: no header, no end marker, first byte 0.
     *
     * <p>The decoder must be given the length. Its dictionary may be as small as the content.
     */
    public static byte[] rawLzma1(byte[] content) {
        int preset = LZMA2Options.PRESET_DEFAULT;
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2 + 64);
        LZMA2Options options = options(preset, dictionary(content.length, LZMA2Options.DICT_SIZE_MAX));
        try (var lzma = new LZMAOutputStream(out, options, false)) {
            lzma.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private static int dictionary(int length, int largest) {
        int needed = length <= MIN_DICTIONARY ? MIN_DICTIONARY : Integer.highestOneBit(length - 1) << 1;
        return Math.min(needed, largest);
    }

    private static LZMA2Options options(int preset, int dictionary) {
        try {
            LZMA2Options options = new LZMA2Options(preset);
            options.setDictSize(dictionary);
            return options;
        } catch (IOException e) {
            throw new IllegalArgumentException("xz preset %d, dictionary %d".formatted(preset, dictionary), e);
        }
    }
}
