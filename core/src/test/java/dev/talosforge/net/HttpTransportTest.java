package dev.talosforge.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("registry")
class HttpTransportTest {
    private HttpServer server;
    private HttpTransport transport;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        transport = new HttpTransport(TransportSettings.usual());
    }

    @AfterEach
    void stop() {
        transport.close();
        server.stop(0);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void uploadsWithALengthAndNotInChunks() throws Exception {
        List<String> seen = new ArrayList<>();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        server.createContext("/up", exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst("Content-Length"));
            seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Transfer-Encoding")));
            exchange.getRequestBody().transferTo(received);
            answer(exchange, 201, new byte[0]);
        });
        byte[] head = "preamble".getBytes(StandardCharsets.UTF_8);
        ByteSource body = ByteSource.concat(List.of(ByteSource.of(head), ByteSource.zeros(300_000)));
        HttpAnswer answer = transport.send(HttpCall.of("POST", uri("/up")).withBody("application/octet-stream", body));
        assertEquals(201, answer.status());
        assertEquals(List.of("300008", "null"), seen);
        assertEquals(300_008, received.size());
    }

    @Test
    void aRedirectToAnotherHostDropsCredentials() throws Exception {
        AtomicReference<String> same = new AtomicReference<>();
        AtomicReference<String> other = new AtomicReference<>("unset");
        int port = server.getAddress().getPort();
        server.createContext("/a", exchange -> {
            exchange.getResponseHeaders().set("Location", "/b");
            answer(exchange, 302, new byte[0]);
        });
        server.createContext("/b", exchange -> {
            same.set(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("Location", "http://localhost:" + port + "/c");
            answer(exchange, 307, new byte[0]);
        });
        server.createContext("/c", exchange -> {
            other.set(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, 200, "done".getBytes(StandardCharsets.UTF_8));
        });
        HttpAnswer answer = transport.send(HttpCall.get(uri("/a")).with("Authorization", "Bearer secret"));
        assertEquals("done", answer.text());
        assertEquals("Bearer secret", same.get());
        assertNull(other.get());
    }

    @Test
    void aSuccessGoesToTheSinkAndAnErrorDoesNot() throws Exception {
        byte[] content = new byte[200_000];
        java.util.Arrays.fill(content, (byte) 7);
        server.createContext("/blob", exchange -> answer(exchange, 200, content));
        server.createContext("/none", exchange -> answer(exchange, 404, "no".getBytes(StandardCharsets.UTF_8)));
        Collected sink = new Collected();
        assertEquals(200, transport.send(HttpCall.get(uri("/blob")), sink).status());
        assertArrayEquals(content, sink.bytes.toByteArray());
        Collected nothing = new Collected();
        HttpAnswer answer = transport.send(HttpCall.get(uri("/none")), nothing);
        assertEquals("no", answer.text());
        assertEquals(0, nothing.bytes.size());
    }

    @Test
    void anAnswerThatIsTooLongIsAnError() {
        server.createContext("/long", exchange -> answer(exchange, 200, new byte[(4 << 20) + 1]));
        IOException e = assertThrows(IOException.class, () -> transport.send(HttpCall.get(uri("/long"))));
        assertEquals("GET %s: the answer is longer than 4194304 bytes".formatted(uri("/long")), e.getMessage());
    }

    @Test
    void aHeadThatIsTooLongIsAnError() {
        server.createContext("/long", exchange -> {
            exchange.getResponseHeaders().set("X-Long", "x".repeat(400_000));
            answer(exchange, 200, new byte[1]);
        });
        IOException e = assertThrows(IOException.class, () -> transport.send(HttpCall.get(uri("/long"))));
        assertTrue(String.valueOf(e.getMessage()).contains("393216"), e.getMessage());
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/stall", exchange -> {
            try {
                end.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (HttpTransport hasty = new HttpTransport(TransportSettings.usual().withIdle(Duration.ofMillis(300)))) {
            assertThrows(StalledException.class, () -> hasty.send(HttpCall.get(uri("/stall"))));
        }
        end.countDown();
    }

    @Test
    void anInterruptEndsTheRequest() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpTransport patient = new HttpTransport(TransportSettings.usual())) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    patient.send(HttpCall.get(uri));
                } catch (IOException | InterruptedException e) {
                    thrown.set(e);
                }
            });
            silent.accept().getInputStream().read();
            thread.interrupt();
            assertTrue(thread.join(Duration.ofMinutes(10)));
            assertEquals(InterruptedException.class, thrown.get().getClass());
        }
    }

    @Test
    void repeatsWhatMayWorkLaterAndObeysRetryAfter() throws Exception {
        AtomicInteger count = new AtomicInteger();
        server.createContext("/busy", exchange -> {
            int number = count.incrementAndGet();
            if (number == 1) {
                exchange.getResponseHeaders().set("Retry-After", "7");
            }
            answer(exchange, number == 1 ? 429 : number == 2 ? 503 : 200, new byte[0]);
        });
        List<Duration> waits = new ArrayList<>();
        Retries retries = new Retries(RetryPolicy.usual(), waits::add, () -> 0);
        assertEquals(
                200,
                retries.run(() -> transport.send(HttpCall.get(uri("/busy")))).status());
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofMillis(500)), waits);
    }

    @Test
    void aMissingServerIsExplained() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        URI uri = URI.create("http://127.0.0.1:%d/v2/?token=abc".formatted(free));
        IOException e = assertThrows(IOException.class, () -> transport.send(HttpCall.get(uri)));
        assertFalse(Retries.isTransient(e));
        assertEquals(
                "Problem[kind=UNAVAILABLE, what=cannot ask, where=Remote[method=GET, "
                        + "uri=http://127.0.0.1:%d/v2/?token=***, status=0], ".formatted(free)
                        + "why=127.0.0.1:%d refused the connection, ".formatted(free)
                        + "remedy=check that the server is running and the port is right]",
                NetworkProblem.explain("cannot ask", "GET", uri, e).toString());
    }

    @Test
    void secretsAreNotShown() {
        assertEquals(
                URI.create("https://ghcr.io/v2/a?digest=sha256:00&_state=***"),
                Redaction.of(URI.create("https://me:pw@ghcr.io/v2/a?digest=sha256:00&_state=xyz")));
        assertEquals("https://host/x Bearer ***", Redaction.text("https://user:pass@host/x Bearer abc.def"));
    }

    @Test
    void proxiesHaveExceptions() {
        ProxySettings proxies = ProxySettings.parse("proxy.lan:3128", null, "example.org,.corp.lan, 10.0.0.1:8006");
        assertEquals(URI.create("http://proxy.lan:3128"), proxies.proxyFor(URI.create("https://ghcr.io/v2/")));
        for (String direct : List.of(
                "https://example.org/",
                "https://a.example.org/",
                "https://x.corp.lan/",
                "https://10.0.0.1:8006/",
                "https://localhost/",
                "http://ghcr.io/")) {
            assertNull(proxies.proxyFor(URI.create(direct)), direct);
        }
        assertEquals(URI.create("http://proxy.lan:3128"), proxies.proxyFor(URI.create("https://10.0.0.1/")));
    }

    private static final class Collected implements BodySink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void begin(HttpAnswer head) {}

        @Override
        public void write(byte[] content, int offset, int length) {
            bytes.write(content, offset, length);
        }
    }
}
