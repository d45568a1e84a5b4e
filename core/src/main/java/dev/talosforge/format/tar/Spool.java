package dev.talosforge.format.tar;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that collects one-shot contents, one after another, so that they can be read again. Valid as long as the
 * caller keeps its folder; closing only ends writing.
 */
final class Spool implements Closeable {
    private final OpenFile channel;

    /** One object shared by all windows, of which there may be many; covers the final content. */
    private final ByteSource whole;

    private final byte[] buffer = new byte[1 << 16];
    private long position;

    private Spool(Path file, OpenFile channel) {
        this.whole = new ByteSource.OnDisk(file, Long.MAX_VALUE);
        this.channel = channel;
    }

    /** A new file with a unique name in {@code directory}. */
    static Spool in(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "contents", ".spool");
        return new Spool(file, OpenFile.of(file, StandardOpenOption.WRITE));
    }

    /** Takes exactly {@code size} bytes; a stream that ends earlier is broken. */
    ByteSource append(InputStream content, long size) throws IOException {
        long start = position;
        for (long left = size; left > 0; ) {
            int count = content.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                throw new FormatException("spooled content", size - left, "%d bytes are missing".formatted(left));
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                position += channel.write(bytes);
            }
            left -= count;
        }
        return size == 0 ? ByteSource.empty() : whole.slice(start, size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
