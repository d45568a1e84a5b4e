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
    private static final long ZSTD_MAGIC = 0xfd2fb528L;

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
        long magic = number(source, ZSTD, at, 4);
        while ((magic & 0xfffffff0L) == 0x184d2a50L) {
            at += 8 + number(source, ZSTD, at + 4, 4);
            if (at >= source.size()) {
                return end(source, ZSTD, at);
            }
            magic = number(source, ZSTD, at, 4);
        }
        if (magic != ZSTD_MAGIC) {
            throw new FormatException(ZSTD, at, "no frame starts with 0x%08x".formatted(magic));
        }
        int descriptor = (int) number(source, ZSTD, at + 4, 1);
        boolean single = (descriptor & 0x20) != 0;
        int sizeFlag = (descriptor >> 6) & 3;
        int contentSize = sizeFlag == 0 ? (single ? 1 : 0) : 1 << sizeFlag;
        at += 5 + (single ? 0 : 1) + ((1 << (descriptor & 3)) >> 1) + contentSize;
        long header;
        do {
            header = number(source, ZSTD, at, 3);
            boolean repeated = (header >> 1 & 3) == 1;
            at += 3 + (repeated ? 1 : header >> 3);
        } while ((header & 1) == 0);
        return end(source, ZSTD, at + ((descriptor & 4) != 0 ? 4 : 0));
    }

    static long end(ByteSource source, String structure, long at) throws FormatException {
        if (at > source.size()) {
            throw new FormatException(
                    structure, at, "ends behind the file, which has %d bytes".formatted(source.size()));
        }
        return at;
    }

    static long number(ByteSource source, String structure, long at, int size) throws IOException {
        byte[] bytes = source.read(structure, at, size);
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = number << 8 | (bytes[i] & 0xffL);
        }
        return number;
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
            return end(source, GZIP, data + inflater.getBytesRead() + GzipFrame.TRAILER);
        } catch (DataFormatException e) {
            throw Broken.because(GZIP, start, e);
        } finally {
            inflater.end();
        }
    }

    /** Behind the header, whose length its flags say. */
    private static long gzipData(ByteSource source, long start) throws IOException {
        int flags = (int) number(source, GZIP, start + 3, 1);
        long at = start + 10;
        if ((flags & GzipFrame.FLAG_EXTRA) != 0) {
            at += 2 + number(source, GZIP, at, 2);
        }
        if ((flags & GzipFrame.FLAG_NAME) != 0) {
            at = behindText(source, at);
        }
        if ((flags & GzipFrame.FLAG_COMMENT) != 0) {
            at = behindText(source, at);
        }
        return end(source, GZIP, at + ((flags & GzipFrame.FLAG_HEADER_CRC) != 0 ? 2 : 0));
    }

    private static long behindText(ByteSource source, long start) throws IOException {
        long at = end(source, GZIP, start);
        try (InputStream in = new BufferedInputStream(source.openAt(at))) {
            for (int value = in.read(); value != 0; value = in.read()) {
                if (value < 0) {
                    throw new FormatException(GZIP, at, "ends in its header");
                }
                at++;
            }
        }
        return at + 1;
    }
}
