package dev.talosforge.net;

import dev.talosforge.bytes.ByteSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends a source with its length, tracks progress, and remembers whether it was the source that failed. */
final class Upload {
    private final ByteSource source;
    private final AtomicLong progress;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    Upload(ByteSource source, AtomicLong progress) {
        this.source = source;
        this.progress = progress;
    }

    BodyPublisher publisher() {
        return source.size() == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), source.size());
    }

    @Nullable
    IOException failure() {
        return failure.get();
    }

    private InputStream open() {
        try {
            return new Counted(source.open());
        } catch (IOException e) {
            failure.compareAndSet(null, e);
            throw new UncheckedIOException(e);
        }
    }

    private final class Counted extends FilterInputStream {
        private long taken;

        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int count = super.read(buffer, offset, length);
                if (count > 0) {
                    taken += count;
                    progress.addAndGet(count);
                } else if (taken != source.size()) {
                    throw new IOException(
                            "the source ended after %d of %d announced bytes".formatted(taken, source.size()));
                }
                return count;
            } catch (IOException e) {
                failure.compareAndSet(null, e);
                throw e;
            }
        }
    }
}
