package dev.talosforge.format.compress;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Where one compressed stream ends in a file that goes on behind it, as an initramfs of several segments does. A zstd
 * frame and an xz stream tell by their outline, of which little is read; a gzip member has to be unpacked for it.
 */
public final class StreamEnd {
    private static final String GZIP = "gzip stream";
    private static final String ZSTD = "zstd stream";

    private StreamEnd() {}

    /**
     * The offset of the first byte behind the stream. Whether the content can be decompressed is not said.
     *
     * @param start where the stream begins, in bytes
     * @param compression as {@link Compression#of(byte[])} tells; something that is not compressed has no end
     */
    public static long of(ByteSource source, long start, Compression compression) throws IOException {
        return switch (compression) {
            case GZIP -> gzip(source, start);
            case ZSTD -> zstd(source, start);
            case XZ -> new XzOutline(source).end(start);
            case NONE -> throw new IllegalArgumentException("not compressed");
        };
    }

    /** One frame, with the skippable ones before it. */
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
                        throw new FormatException(GZIP, source.size(), "ends in a member");
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

    /** Behind the header, whose length its flags say. */
    private static long gzipData(ByteSource source, long start) throws IOException {
        try (InputStream in = new BufferedInputStream(source.openAt(start))) {
            long[] at = {start};
            GzipFrame.Octets octets = () -> {
                int value = in.read();
                if (value < 0) {
                    throw new FormatException(GZIP, at[0], "ends in its header");
                }
                at[0]++;
                return value;
            };
            octets.next(); // the magic number, by which the stream was told
            octets.next();
            GzipFrame.readHeader(octets, what -> new FormatException(GZIP, at[0], what));
            return at[0];
        }
    }
}
