package dev.talosforge.lab.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The part of a registry that one push and one pull need, in memory and on loopback: only for the launcher's cache. */
final class WarmUpRegistry implements AutoCloseable {
    private static final String UPLOADS = "/blobs/uploads/";

    private final HttpServer server;
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    private final Map<String, String> types = new ConcurrentHashMap<>();

    private WarmUpRegistry(HttpServer server) {
        this.server = server;
    }

    static WarmUpRegistry start() throws IOException {
        WarmUpRegistry registry =
                new WarmUpRegistry(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        registry.server.createContext("/", registry::handle);
        registry.server.start();
        return registry;
    }

    /** Settings in which this registry is the only endpoint of a name. */
    String settings(String name) {
        return "{\"%s\":[{\"url\":\"http://%s:%d\"}]}"
                .formatted(
                        name,
                        server.getAddress().getAddress().getHostAddress(),
                        server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    exchange.getResponseHeaders().set("Location", path + "one");
                    answer(exchange, 202, null);
                }
                case "PUT" -> {
                    put(exchange, path, body);
                    answer(exchange, 201, null);
                }
                default -> get(exchange, path);
            }
        }
    }

    private void put(HttpExchange exchange, String path, byte[] body) {
        String digest = Sha256.of(body).toString();
        if (path.contains(UPLOADS)) {
            contents.put(path.substring(0, path.indexOf(UPLOADS)) + "/blobs/" + digest, body);
            return;
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        for (String name : new String[] {path, folder + digest}) {
            contents.put(name, body);
            types.put(name, type == null ? "" : type);
        }
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        byte[] content = path.equals("/v2/") ? "{}".getBytes(UTF_8) : contents.get(path);
        if (content == null) {
            answer(exchange, 404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}".getBytes(UTF_8));
            return;
        }
        String type = types.get(path);
        if (type != null) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders()
                    .set("Docker-Content-Digest", Sha256.of(content).toString());
        }
        answer(exchange, 200, content);
    }

    private static void answer(HttpExchange exchange, int status, byte @Nullable [] body) throws IOException {
        int size = body == null ? 0 : body.length;
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(size));
        }
        exchange.sendResponseHeaders(status, head || size == 0 ? -1 : size);
        if (!head && body != null) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
