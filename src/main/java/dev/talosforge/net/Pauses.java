package dev.talosforge.net;

import java.time.Duration;

/** How to wait between two attempts: an argument, so that tests don't. */
@FunctionalInterface
public interface Pauses {
    void pause(Duration length) throws InterruptedException;

    /** Sleeps. */
    static Pauses sleeping() {
        return Thread::sleep;
    }
}
