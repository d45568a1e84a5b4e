package dev.talosforge.cli.session;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a command has opened; closed when it ends. This includes HTTP clients: their threads wait in the system for a
 * server, and the exit of the JVM waits up to 0.3 s for such threads (measured). Can be used by several threads.
 */
public final class OpenTransports implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    public synchronized <T> T add(T opened, Runnable closer) {
        closers.push(closer);
        return opened;
    }

    /** Closes in reverse order of opening. */
    @Override
    public synchronized void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
