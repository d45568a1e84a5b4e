package dev.talosforge.net;

import dev.talosforge.bytes.ByteSource;
import java.net.URI;
import java.util.Collections;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request to send, any number of times.
 *
 * @param uri absolute, http or https
 * @param headers by name, whatever its case
 * @param body sent with its length, never chunked; null if the method has none
 */
public record HttpCall(
        String method,
        URI uri,
        SequencedMap<String, String> headers,
        @Nullable ByteSource body) {
    public HttpCall {
        SequencedMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = Collections.unmodifiableSequencedMap(copy);
    }

    /** Without headers or a body. */
    public static HttpCall of(String method, URI uri) {
        return new HttpCall(method, uri, new TreeMap<>(), null);
    }

    public static HttpCall get(URI uri) {
        return of("GET", uri);
    }

    public static HttpCall head(URI uri) {
        return of("HEAD", uri);
    }

    /** Sets a header, replacing any value under this name. */
    public HttpCall with(String name, String value) {
        SequencedMap<String, String> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(headers);
        changed.put(name, value);
        return new HttpCall(method, uri, changed, body);
    }

    public HttpCall without(String name) {
        SequencedMap<String, String> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(headers);
        changed.remove(name);
        return new HttpCall(method, uri, changed, body);
    }

    public HttpCall withBody(String contentType, ByteSource content) {
        return new HttpCall(method, uri, headers, content).with("Content-Type", contentType);
    }

    HttpCall to(URI other) {
        return new HttpCall(method, other, headers, body);
    }

    /** Method and redacted URI; never a header. */
    @Override
    public String toString() {
        return method + " " + Redaction.of(uri);
    }
}
