package dev.talosforge.net;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server answered. The body is here if it was small enough and did not go to a {@link BodySink}. */
public final class HttpAnswer {
    private final String method;
    private final URI uri;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private final boolean complete;

    HttpAnswer(String method, URI uri, int status, HttpHeaders headers, byte[] body, boolean complete) {
        this.method = method;
        this.uri = uri;
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.complete = complete;
    }

    public String method() {
        return method;
    }

    /** Where the answer came from, after redirects. May hold secrets: show {@link Redaction#of(URI)}. */
    public URI uri() {
        return uri;
    }

    public int status() {
        return status;
    }

    public boolean succeeded() {
        return status >= 200 && status < 300;
    }

    public @Nullable String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    /** All values of a header that may occur several times. */
    public List<String> headers(String name) {
        return headers.allValues(name);
    }

    /** In bytes; null if the server did not say. */
    public @Nullable Long contentLength() {
        String value = header("Content-Length");
        try {
            return value == null ? null : Long.valueOf(value.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    public byte[] body() {
        return body.clone();
    }

    /** False if an error's body was longer than the limit and only its beginning was kept. */
    public boolean complete() {
        return complete;
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Method, redacted URI and status. */
    @Override
    public String toString() {
        return "%s %s: %d".formatted(method, Redaction.of(uri), status);
    }
}
