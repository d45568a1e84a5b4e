package dev.talosforge.format.compress;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Finds the end of a compressed stream in a file that continues after it, such as an initramfs of several segments. For
 * a zstd frame or an xz stream, reading a little of its structure is enough; a gzip member has to be unpacked.
 */
public final class StreamEnd {
    private static final String GZIP = "gzip stream";
    private static final String ZSTD = "zstd stream";

    private StreamEnd() {}

    /**
     * The offset of the first byte after the stream. Does not check whether the content can be decompressed.
     *
     * @param start offset of the stream, in bytes
     * @param compression the result of {@link Compression#of(byte[])}; uncompressed content has no end
     */
    public static long of(ByteSource source, long start, Compression compression) throws IOException {
        return switch (compression) {
            case GZIP -> gzip(source, start);
            case ZSTD -> zstd(source, start);
            case XZ -> new XzOutline(source).end(start);
            case NONE -> throw new IllegalArgumentException("not compressed");
        };
    }

    /** One frame, with any skippable frames before it. */
    private static long zstd(ByteSource source, long start) throws IOException {
        long at = start;
        long magic = Outline.number(source, ZSTD, at, 4);
        while (ZstdFrameHeader.isSkippable(magic)) {
            at += 8 + Outline.number(source, ZSTD, at + 4, 4);
            if (at >= source.size()) {
                return Outline.end(source, ZSTD, at);
            }
            magic = Outline.number(source, ZSTD, at, 4);
        }
        if (magic != ZstdFrameHeader.MAGIC) {
            throw new FormatException(ZSTD, at, "no frame starts with 0x%08x".formatted(magic));
        }
        ZstdFrameHeader frame = ZstdFrameHeader.of((int) Outline.number(source, ZSTD, at + 4, 1));
        at += 4 + frame.size();
        long header;
        do {
            header = Outline.number(source, ZSTD, at, 3);
            boolean repeated = (header >> 1 & 3) == 1;
            at += 3 + (repeated ? 1 : header >> 3);
        } while ((header & 1) == 0);
        return Outline.end(source, ZSTD, at + (frame.checksum() ? 4 : 0));
    }

    private static long gzip(ByteSource source, long start) throws IOException {
        long data = gzipData(source, start);
        Inflater inflater = new Inflater(true);
        try (InputStream in = new BufferedInputStream(source.openAt(data))) {
            byte[] input = new byte[1 << 16];
            byte[] nowhere = new byte[1 << 16];
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int count = in.read(input);
                    if (count < 0) {
                        throw new FormatException(GZIP, source.size(), "ends within a member");
                    }
                    inflater.setInput(input, 0, count);
                }
                if (inflater.inflate(nowhere) == 0 && inflater.needsDictionary()) {
                    throw new FormatException(GZIP, start, "asks for a preset dictionary");
                }
            }
            return Outline.end(source, GZIP, data + inflater.getBytesRead() + GzipFrame.TRAILER);
        } catch (DataFormatException e) {
            throw Broken.because(GZIP, start, e);
        } finally {
            inflater.end();
        }
    }

    /** After the header, whose flags give its length. */
    private static long gzipData(ByteSource source, long start) throws IOException {
        try (InputStream in = new BufferedInputStream(source.openAt(start))) {
            long[] at = {start};
            GzipFrame.Octets octets = () -> {
                int value = in.read();
                if (value < 0) {
                    throw new FormatException(GZIP, at[0], "ends within its header");
                }
                at[0]++;
                return value;
            };
            octets.next(); // the magic number, by which the stream was recognised
            octets.next();
            GzipFrame.readHeader(octets, what -> new FormatException(GZIP, at[0], what));
            return at[0];
        }
    }
}
