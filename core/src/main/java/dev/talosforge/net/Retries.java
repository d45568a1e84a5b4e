package dev.talosforge.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Repeats what may work a moment later: 408, 425, 429, 500, 502, 503, 504 and broken connections. Names that do not
 * resolve, connections that are refused or time out, and failed TLS handshakes are not repeated: nobody is there, and
 * the next endpoint should be tried.
 */
public final class Retries {
    /** With this much progress, in bytes, a broken transfer counts as a fresh start. */
    private static final long ENOUGH_PROGRESS = 64 << 10;

    /** If a server asks for a longer wait, its answer is shown to the user instead. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

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

    /** Waits as long as between two attempts, after so many failures. */
    public void pause(int failures) throws InterruptedException {
        pauses.pause(policy.pause(failures, jitter.getAsDouble()));
    }

    /** The first answer not worth repeating, or the last one. */
    public HttpAnswer run(Attempt attempt) throws IOException, InterruptedException {
        return run(() -> 0, attempt);
    }

    /**
     * As {@link #run(Attempt)}, for a transfer that is resumed.
     *
     * @param progress bytes that are safe so far, never decreasing; 64 KiB more than at the last failure restart the
     *     count
     */
    public HttpAnswer run(LongSupplier progress, Attempt attempt) throws IOException, InterruptedException {
        long safe = progress.getAsLong();
        for (int failures = 1; ; failures++) {
            HttpAnswer answer = null;
            IOException broken = null;
            try {
                answer = attempt.run();
                if (!RetryPolicy.isTransient(answer.status())) {
                    return answer;
                }
            } catch (IOException e) {
                if (!isTransient(e)) {
                    throw e;
                }
                broken = e;
            }
            if (progress.getAsLong() - safe >= ENOUGH_PROGRESS) {
                failures = 1;
            }
            safe = progress.getAsLong();
            Duration requested = answer == null ? null : requested(answer);
            if (failures >= policy.attempts() || (requested != null && requested.compareTo(LONGEST_ASKED) > 0)) {
                if (answer == null) {
                    throw Objects.requireNonNull(broken);
                }
                return answer;
            }
            Duration own = policy.pause(failures, jitter.getAsDouble());
            pauses.pause(requested != null && requested.compareTo(own) > 0 ? requested : own);
        }
    }

    /**
     * The wait that the server asks for with Retry-After (RFC 9110, 10.2.3); null if none. A date is compared with the
     * server's own Date, not with our clock.
     */
    public static @Nullable Duration requested(HttpAnswer answer) {
        String value = answer.header("Retry-After");
        if (value == null) {
            return null;
        }
        if (value.strip().matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value.strip()));
        }
        Instant until = date(value);
        Instant now = date(answer.header("Date"));
        return until == null || now == null || until.isBefore(now) ? null : Duration.between(now, until);
    }

    private static @Nullable Instant date(@Nullable String header) {
        try {
            return header == null ? null : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip()));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether the connection broke, as opposed to never having been established. */
    public static boolean isTransient(IOException e) {
        if (e instanceof StalledException) {
            return true;
        }
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof LocalFileException
                    || t instanceof HttpStatusException
                    || t instanceof dev.talosforge.bytes.FormatException
                    || t instanceof ConnectException
                    || t instanceof HttpConnectTimeoutException
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
