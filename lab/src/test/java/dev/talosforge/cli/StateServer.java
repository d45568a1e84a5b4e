package dev.talosforge.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What Terraform's backend {@code http} stores states in: one per path, which GET gives, POST replaces, DELETE removes, and
 * LOCK and UNLOCK guard.
 */
record StateServer(
        HttpServer server, ConcurrentNavigableMap<String, byte[]> states, ConcurrentNavigableMap<String, byte[]> locks)
        implements AutoCloseable {
    static StateServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StateServer states = new StateServer(server, new ConcurrentSkipListMap<>(), new ConcurrentSkipListMap<>());
        server.createContext("/", exchange -> {
            try (exchange) {
                states.answer(exchange);
            }
        });
        server.start();
        return states;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                byte[] state = states.get(path);
                exchange.sendResponseHeaders(state == null ? 404 : 200, state == null ? -1 : state.length);
                if (state != null) {
                    exchange.getResponseBody().write(state);
                }
            }
            case "POST" -> {
                states.put(path, body);
                exchange.sendResponseHeaders(200, -1);
            }
            case "DELETE" -> {
                states.remove(path);
                exchange.sendResponseHeaders(200, -1);
            }
            case "LOCK" -> {
                byte[] holder = locks.putIfAbsent(path, body);
                exchange.sendResponseHeaders(holder == null ? 200 : 423, holder == null ? -1 : holder.length);
                if (holder != null) {
                    exchange.getResponseBody().write(holder);
                }
            }
            case "UNLOCK" -> {
                locks.remove(path);
                exchange.sendResponseHeaders(200, -1);
            }
            default -> exchange.sendResponseHeaders(405, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
