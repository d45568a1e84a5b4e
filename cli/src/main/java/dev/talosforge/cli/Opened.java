package dev.talosforge.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a command has opened, to be closed when it ends. HTTP clients among it, whose threads wait in the system for a
 * server: the exit of the Java machine waits up to 0.3 s for such threads (measured). May be used by several threads.
 */
public final class Opened implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    synchronized <T> T add(T opened, Runnable closer) {
        closers.push(closer);
        return opened;
    }

    /** The last that was opened first. */
    @Override
    public synchronized void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
