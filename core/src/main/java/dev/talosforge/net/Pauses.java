package dev.talosforge.net;

import java.time.Duration;

/** Waits between two attempts. An argument, so that tests need not wait. */
@FunctionalInterface
public interface Pauses {
    void pause(Duration length) throws InterruptedException;

    /** Sleeps. */
    static Pauses sleeping() {
        return Thread::sleep;
    }
}
