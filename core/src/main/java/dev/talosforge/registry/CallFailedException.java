package dev.talosforge.registry;

import dev.talosforge.net.HttpCall;
import java.io.IOException;

/** A request without an answer, and which request it was. */
final class CallFailedException extends IOException {
    private final transient HttpCall call;
    private final IOException reason;

    CallFailedException(HttpCall call, IOException reason) {
        super(reason.getMessage(), reason);
        this.call = call;
        this.reason = reason;
    }

    HttpCall call() {
        return call;
    }

    IOException reason() {
        return reason;
    }
}
