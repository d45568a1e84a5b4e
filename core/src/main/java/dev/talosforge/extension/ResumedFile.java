package dev.talosforge.extension;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.BodySink;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.IncomingFile;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A download whose length only the server knows: digested as it is written, resumed after a break. */
final class ResumedFile implements BodySink, AutoCloseable {
    private final long limit;
    private final OpenFile channel;
    private final IncomingFile incoming;

    /** The server's validator for the bytes received; null if it sent none that is strong. */
    private @Nullable String tag;

    ResumedFile(Path file, long limit) throws IOException {
        this.limit = limit;
        this.channel = OpenFile.of(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.incoming = new IncomingFile(channel);
    }

    /** The number of bytes written and digested. */
    synchronized long position() {
        return incoming.position();
    }

    /** The most bytes there ever were: starting over is not progress. */
    synchronized long furthest() {
        return incoming.furthest();
    }

    /** A request for the rest, or for everything if the file has changed. */
    synchronized HttpCall resuming(HttpCall call) {
        HttpCall rest = call.with("Range", "bytes=%d-".formatted(incoming.position()));
        return tag == null ? rest : rest.with("If-Range", tag);
    }

    synchronized void restart() throws IOException {
        incoming.restart();
    }

    @Override
    public synchronized void begin(HttpAnswer head) throws IOException {
        incoming.begin(head);
        String given = head.header("ETag");
        tag = given == null || given.startsWith("W/") ? null : given;
        Long length = head.contentLength();
        if (length != null) {
            check(incoming.position() + length);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        check(incoming.position() + length);
        incoming.write(bytes, offset, length);
    }

    private void check(long length) throws FormatException {
        if (length > limit) {
            throw new FormatException("download", 0, "at least %d bytes; the limit is %d".formatted(length, limit));
        }
    }

    /** The digest of what was received. */
    synchronized Sha256 finish() throws IOException {
        channel.force();
        return incoming.finish();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
