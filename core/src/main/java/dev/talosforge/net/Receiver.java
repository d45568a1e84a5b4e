package dev.talosforge.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Receives one answer: a success goes to the sink if there is one, everything else to memory within the limit. After
 * {@link #stop} nothing reaches the sink, so an abandoned transfer cannot write to its successor's file.
 */
final class Receiver implements BodyHandler<HttpAnswer>, BodySubscriber<HttpAnswer> {
    private final HttpCall call;
    private final @Nullable BodySink sink;
    private final int limit;
    private final AtomicLong progress;
    private final CompletableFuture<HttpAnswer> result = new CompletableFuture<>();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    /** The runtime's buffers are read-only: copy them, do not keep them. */
    private byte[] scratch = new byte[0];

    private int status;
    private HttpHeaders headers = HttpHeaders.of(java.util.Map.of(), (name, value) -> true);
    private boolean toSink;
    private boolean stopped;
    private boolean cut;
    private Flow.@Nullable Subscription subscription;

    Receiver(HttpCall call, @Nullable BodySink sink, int limit, AtomicLong progress) {
        this.call = call;
        this.sink = sink;
        this.limit = limit;
        this.progress = progress;
    }

    @Override
    public BodySubscriber<HttpAnswer> apply(ResponseInfo head) {
        status = head.statusCode();
        headers = head.headers();
        toSink = sink != null && status >= 200 && status < 300;
        progress.incrementAndGet();
        return this;
    }

    @Override
    public CompletionStage<HttpAnswer> getBody() {
        return result;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        try {
            if (toSink && sink != null && !stopped) {
                sink.begin(answer());
            }
            given.request(1);
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        if (stopped || result.isDone()) {
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                int length = buffer.remaining();
                if (scratch.length < length) {
                    scratch = new byte[length];
                }
                buffer.get(scratch, 0, length);
                take(scratch, length);
                progress.addAndGet(length);
            }
            if (subscription != null && !result.isDone()) {
                subscription.request(1);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void take(byte[] bytes, int length) throws IOException {
        if (toSink && sink != null) {
            sink.write(bytes, 0, length);
            return;
        }
        int room = limit - kept.size();
        kept.write(bytes, 0, Math.min(room, length));
        if (length > room) {
            if (status < 400) {
                throw new IOException("%s: the answer is longer than %d bytes".formatted(call, limit));
            }
            cut = true;
            complete();
        }
    }

    private void fail(Exception reason) {
        result.completeExceptionally(reason);
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onError(Throwable reason) {
        result.completeExceptionally(reason);
    }

    @Override
    public synchronized void onComplete() {
        complete();
    }

    private void complete() {
        result.complete(answer());
        if (cut && subscription != null) {
            subscription.cancel();
        }
    }

    synchronized void stop() {
        stopped = true;
    }

    private HttpAnswer answer() {
        return new HttpAnswer(call.method(), call.uri(), status, headers, kept.toByteArray(), !cut);
    }
}
