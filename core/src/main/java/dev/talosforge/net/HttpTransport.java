package dev.talosforge.net;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over HTTP/1.1, one attempt each; {@link Retries} adds more. Thread-safe. Redirects are followed here
 * and not by the runtime, because credentials must not travel to another host. Interrupting the calling thread ends the
 * request at once.
 */
public final class HttpTransport implements AutoCloseable {
    private static final int MAX_REDIRECTS = 8;
    private static final List<String> CREDENTIALS = List.of("Authorization", "Cookie", "CSRFPreventionToken");

    private final TransportSettings settings;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable HttpClient plain;
    private @Nullable HttpClient secure;
    private final ConcurrentMap<TlsSettings, HttpTransport> others = new ConcurrentHashMap<>();

    static {
        // By default the runtime does not use a proxy's login for https addresses; a login in HTTPS_PROXY is meant to
        // be used.
        preset("jdk.http.auth.tunneling.disabledSchemes", "");
        // 16 KiB by default: larger buffers save a third of a transfer's CPU time.
        preset("jdk.httpclient.bufsize", Integer.toString(256 << 10));
    }

    /** The runtime reads these once, when its client is loaded. Values that the user set are kept. */
    private static void preset(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    /** @throws IOException if the file of certificate authorities cannot be used */
    public HttpTransport(TransportSettings settings) throws IOException {
        this.settings = settings;
        if (!settings.tls().equals(TlsSettings.system())) {
            secure();
        }
    }

    private HttpClient client(SSLContext trust) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connect())
                .proxy(settings.proxies().selector())
                .sslContext(trust)
                .executor(threads)
                .build();
    }

    /** Created on first use: a client's own thread delays the JVM's exit by 0.3 s. */
    private synchronized HttpClient plain() {
        HttpClient made = plain;
        if (made == null) {
            made = client(TrustBuilder.nobody());
            plain = made;
        }
        return made;
    }

    /** Created at the first https request: reading the system's authorities takes a tenth of a second. */
    private synchronized HttpClient secure() throws IOException {
        HttpClient made = secure;
        if (made == null) {
            made = client(TrustBuilder.context(settings.tls()));
            secure = made;
        }
        return made;
    }

    /**
     * The same client for servers with other trust settings; ends with this one.
     *
     * @throws LocalFileException if the file of certificate authorities cannot be used
     */
    public synchronized HttpTransport trusting(TlsSettings tls) throws LocalFileException {
        HttpTransport other = tls.equals(settings.tls()) ? this : others.get(tls);
        if (other == null) {
            try {
                other = new HttpTransport(settings.with(tls));
            } catch (IOException e) {
                throw new LocalFileException(e);
            }
            others.put(tls, other);
        }
        return other;
    }

    /**
     * Keeps the body in memory. A body over the limit is an error, unless it explains an error: then it is truncated.
     */
    public HttpAnswer send(HttpCall call) throws IOException, InterruptedException {
        return follow(call, null);
    }

    /** Passes the body of a success to the sink; any other body is kept as in {@link #send(HttpCall)}. */
    public HttpAnswer send(HttpCall call, BodySink sink) throws IOException, InterruptedException {
        return follow(call, sink);
    }

    private HttpAnswer follow(HttpCall first, @Nullable BodySink sink) throws IOException, InterruptedException {
        HttpCall call = first;
        for (int hops = 0; ; hops++) {
            HttpAnswer answer = once(call, sink);
            String location = answer.header("Location");
            if (location == null || !redirects(call, answer.status())) {
                return answer;
            }
            if (hops == MAX_REDIRECTS) {
                throw new IOException("%s: more than %d redirects".formatted(first, MAX_REDIRECTS));
            }
            call = redirected(call, location);
        }
    }

    private static boolean redirects(HttpCall call, int status) {
        boolean reading = call.method().equals("GET") || call.method().equals("HEAD");
        return switch (status) {
            case 301, 302, 303 -> reading;
            case 307, 308 -> true;
            default -> false;
        };
    }

    private static HttpCall redirected(HttpCall call, String location) throws IOException {
        URI target;
        try {
            target = call.uri().resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException(call + ": redirects to an invalid address", e);
        }
        boolean secure = "https".equalsIgnoreCase(target.getScheme());
        if (target.getHost() == null || (!secure && !"http".equalsIgnoreCase(target.getScheme()))) {
            throw new IOException(call + ": redirects to an address that is not http");
        }
        if (!secure && "https".equalsIgnoreCase(call.uri().getScheme())) {
            throw new IOException("%s: redirects from https to http, to %s".formatted(call, target.getHost()));
        }
        HttpCall next = call.to(target);
        if (!Hosts.sameOrigin(call.uri(), target)) {
            for (String name : CREDENTIALS) {
                next = next.without(name);
            }
        }
        return next;
    }

    private HttpAnswer once(HttpCall call, @Nullable BodySink sink) throws IOException, InterruptedException {
        AtomicLong progress = new AtomicLong();
        Upload upload = call.body() == null ? null : new Upload(call.body(), progress);
        Receiver receiver = new Receiver(call, sink, settings.bodyLimit(), progress);
        HttpClient client = "https".equalsIgnoreCase(call.uri().getScheme()) ? secure() : plain();
        CompletableFuture<HttpResponse<HttpAnswer>> response = client.sendAsync(request(call, upload), receiver);
        try {
            HttpResponse<HttpAnswer> answered = await(call, response, progress);
            // a proxy that refuses to connect sends no body
            return answered.body() == null
                    ? new HttpAnswer(
                            call.method(), call.uri(), answered.statusCode(), answered.headers(), new byte[0], true)
                    : answered.body();
        } catch (IOException e) {
            IOException local = upload == null ? null : upload.failure();
            throw local == null ? e : new LocalFileException(local);
        } finally {
            receiver.stop();
            response.cancel(true);
        }
    }

    private HttpRequest request(HttpCall call, @Nullable Upload upload) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(call.uri())
                .method(call.method(), upload == null ? HttpRequest.BodyPublishers.noBody() : upload.publisher())
                .setHeader("User-Agent", settings.userAgent());
        call.headers().forEach(builder::setHeader);
        String login = settings.proxies().authorization(call.uri());
        if (login != null) {
            builder.setHeader("Proxy-Authorization", login);
        }
        return builder.build();
    }

    /** Waits as long as bytes are moving. Needs no clock: it checks for progress once per idle time. */
    private HttpResponse<HttpAnswer> await(
            HttpCall call, CompletableFuture<HttpResponse<HttpAnswer>> response, AtomicLong progress)
            throws IOException, InterruptedException {
        long before = -1;
        while (true) {
            try {
                return response.get(settings.idle().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = progress.get();
                if (now == before || (before < 0 && now == 0)) {
                    throw new StalledException(call, settings.idle());
                }
                before = now;
            } catch (CancellationException e) {
                throw new IOException(call + ": cancelled", e);
            } catch (ExecutionException e) {
                throw cause(call, e);
            }
        }
    }

    private static IOException cause(HttpCall call, ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IOException failure) {
            return failure;
        }
        if (cause instanceof java.io.UncheckedIOException failure && failure.getCause() != null) {
            return failure.getCause();
        }
        return new IOException(call + ": " + cause, cause);
    }

    /** Ends requests that are still in progress. */
    @Override
    public synchronized void close() {
        others.values().forEach(HttpTransport::close);
        if (plain != null) {
            plain.shutdownNow();
        }
        if (secure != null) {
            secure.shutdownNow();
        }
        threads.shutdownNow();
    }
}
