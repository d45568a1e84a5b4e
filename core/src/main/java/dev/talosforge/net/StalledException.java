package dev.talosforge.net;

import java.io.IOException;
import java.time.Duration;

/** No byte moved in either direction for as long as the settings allow. */
public final class StalledException extends IOException {
    private final Duration idle;

    public StalledException(HttpCall call, Duration idle) {
        super("%s: nothing was transferred for %d s".formatted(call, idle.toSeconds()));
        this.idle = idle;
    }

    Duration idle() {
        return idle;
    }
}
