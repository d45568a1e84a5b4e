package dev.talosforge.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Repeats what a moment later may work: 408, 425, 429, 500, 502, 503, 504 and broken connections. A name that does not
 * resolve, a refused connection and a failed TLS handshake are not repeated: nobody is there, and the next endpoint
 * should get its turn.
 */
public final class Retries {
    /** So much news makes a broken transfer count as a fresh start. */
    private static final long ENOUGH_PROGRESS = 1 << 20;

    private final RetryPolicy policy;
    private final Pauses pauses;
    private final DoubleSupplier jitter;

    /** @param jitter from 0 to 1 on every call, safe for several threads; constant in tests */
    public Retries(RetryPolicy policy, Pauses pauses, DoubleSupplier jitter) {
        this.policy = policy;
        this.pauses = pauses;
        this.jitter = jitter;
    }

    /** One attempt; called again from the start. */
    @FunctionalInterface
    public interface Attempt {
        HttpAnswer run() throws IOException, InterruptedException;
    }

    /** The first answer that is worth having, or the last one. */
    public HttpAnswer run(Attempt attempt) throws IOException, InterruptedException {
        return run(() -> 0, attempt);
    }

    /**
     * As {@link #run(Attempt)}, for a transfer that is resumed.
     *
     * @param progress bytes that are safe so far; a mebibyte more than at the last failure starts the count anew
     */
    public HttpAnswer run(LongSupplier progress, Attempt attempt) throws IOException, InterruptedException {
        long safe = progress.getAsLong();
        for (int failures = 1; ; failures++) {
            String retryAfter = null;
            try {
                HttpAnswer answer = attempt.run();
                if (!RetryPolicy.isTransient(answer.status()) || failures >= policy.attempts()) {
                    return answer;
                }
                retryAfter = answer.header("Retry-After");
            } catch (IOException e) {
                if (progress.getAsLong() - safe >= ENOUGH_PROGRESS) {
                    failures = 1;
                }
                safe = progress.getAsLong();
                if (!isTransient(e) || failures >= policy.attempts()) {
                    throw e;
                }
            }
            pauses.pause(pause(failures, retryAfter));
        }
    }

    private Duration pause(int failures, @Nullable String retryAfter) {
        Duration own = policy.pause(failures, jitter.getAsDouble());
        if (retryAfter == null || !retryAfter.strip().matches("\\d{1,9}")) {
            return own; // the date form needs a clock; the own pause is as good a guess
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter.strip()));
        return asked.compareTo(policy.longest()) > 0 ? policy.longest() : asked.compareTo(own) > 0 ? asked : own;
    }

    /** Whether the connection broke, as opposed to never having been possible. */
    public static boolean isTransient(IOException e) {
        if (e instanceof StalledException) {
            return true;
        }
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof LocalFileException
                    || t instanceof HttpStatusException
                    || t instanceof dev.talosforge.bytes.FormatException
                    || t instanceof ConnectException
                    || t instanceof UnknownHostException
                    || t instanceof UnresolvedAddressException
                    || t instanceof SSLHandshakeException
                    || (t instanceof InterruptedIOException && !(t instanceof java.net.SocketTimeoutException))) {
                return false;
            }
        }
        return true;
    }
}
