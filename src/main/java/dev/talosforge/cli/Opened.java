package dev.talosforge.cli;

import dev.talosforge.net.HttpTransport;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that a command has made, to be closed when it ends: their threads wait in the system for a server, and the exit
 * of the Java machine waits up to 0.3 s for such threads (measured). May be used by several threads.
 */
final class Opened implements AutoCloseable {
    private final List<HttpTransport> transports = new ArrayList<>();

    synchronized HttpTransport add(HttpTransport transport) {
        transports.add(transport);
        return transport;
    }

    @Override
    public synchronized void close() {
        transports.forEach(HttpTransport::close);
        transports.clear();
    }
}
