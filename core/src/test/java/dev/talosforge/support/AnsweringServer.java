package dev.talosforge.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.registry.CredentialSource;
import dev.talosforge.registry.RegistryClient;
import dev.talosforge.registry.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server on loopback that answers as a test says, and keeps what it was asked. */
public final class AnsweringServer implements AutoCloseable {
    /**
     * What is answered.
     *
     * @param body each character is a byte
     * @param headers by name
     */
    public record Answer(int status, String body, SortedMap<String, String> headers) {
        public static Answer of(int status, String body) {
            return new Answer(status, body, new TreeMap<>());
        }

        public static Answer error(int status, String code) {
            return of(status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"\"}]}".formatted(code));
        }

        public Answer with(String name, String value) {
            SortedMap<String, String> more = new TreeMap<>(headers);
            more.put(name, value);
            return new Answer(status, body, more);
        }
    }

    /**
     * What was asked.
     *
     * @param authorization empty where there was none, as is the range
     */
    public record Question(String method, String path, String query, String authorization, String range) {
        /** Method, path and query. */
        public String line() {
            return method + " " + path + (query.isEmpty() ? "" : "?" + query);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpTransport transport;
    private final List<Question> asked = Collections.synchronizedList(new ArrayList<>());
    private final Function<Question, Answer> answers;

    /** Starts it. */
    public AnsweringServer(Function<Question, Answer> answers) throws IOException {
        this.answers = answers;
        this.transport = new HttpTransport(TransportSettings.usual());
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Question> asked() {
        return List.copyOf(asked);
    }

    public List<String> lines() {
        return asked().stream().map(Question::line).toList();
    }

    /** A client that waits for nothing. */
    public RegistryClient client(CredentialSource credentials) {
        return new RegistryClient(
                transport,
                new Retries(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1)), _ -> {}, () -> 0),
                RegistrySettings.none(),
                credentials);
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String query = exchange.getRequestURI().getRawQuery();
        Question question = new Question(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query == null ? "" : query,
                header(exchange, "Authorization"),
                header(exchange, "Range"));
        asked.add(question);
        Answer answer = answers.apply(question);
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = answer.body().getBytes(ISO_8859_1);
        boolean none = question.method().equals("HEAD") || body.length == 0;
        exchange.sendResponseHeaders(answer.status(), none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        transport.close();
    }
}
