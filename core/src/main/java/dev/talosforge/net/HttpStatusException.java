package dev.talosforge.net;

import java.io.IOException;

/** A server answered with anything but success. */
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
