package dev.talosforge.net;

import java.io.IOException;

/** A server answered, and not with a success. */
public final class HttpStatusException extends IOException {
    private final transient HttpAnswer answer;

    public HttpStatusException(HttpAnswer answer) {
        super(answer.toString());
        this.answer = answer;
    }

    public HttpAnswer answer() {
        return answer;
    }
}
