package dev.talosforge.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files by address and digest, from a server on loopback that misbehaves as asked. */
@Tag("registry")
class DownloadsTest {
    private static final byte[] CONTENT = new byte[300_000];
    private static final String WHAT = "cannot use sources[0] (archive x) of frr";

    static {
        new Random(1).nextBytes(CONTENT);
    }

    /** How the server answers. */
    private enum Manner {
        WHOLE,
        /** The first answer ends in its middle; the rest is given where it is asked for. */
        BREAKS,
        /** The same, and the rest is never given alone. */
        BREAKS_AND_STARTS_OVER,
        BUSY_FIRST,
        GONE,
        MOVED
    }

    @TempDir
    private Path folder;

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile Manner manner = Manner.WHOLE;
    private @Nullable HttpServer server;
    private @Nullable HttpTransport transport;

    @BeforeEach
    void start() throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        started.createContext("/", this::answer);
        started.start();
        server = started;
        transport = new HttpTransport(TransportSettings.usual());
    }

    @AfterEach
    void stop() {
        Objects.requireNonNull(transport).close();
        Objects.requireNonNull(server).stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        asked.add(exchange.getRequestURI().getPath() + (range == null ? "" : " " + range));
        exchange.getResponseHeaders().set("ETag", "\"one\"");
        boolean first = asked.size() == 1;
        boolean breaks = manner == Manner.BREAKS || manner == Manner.BREAKS_AND_STARTS_OVER;
        if (manner == Manner.GONE || (manner == Manner.BUSY_FIRST && first)) {
            byte[] text = "not here".getBytes(UTF_8);
            exchange.sendResponseHeaders(manner == Manner.GONE ? 404 : 503, text.length);
            exchange.getResponseBody().write(text);
        } else if (manner == Manner.MOVED && first) {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
        } else if (breaks && first) {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 100_000);
            exchange.getResponseBody().flush();
        } else if (range != null && manner == Manner.BREAKS) {
            int from = Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, CONTENT.length - 1, CONTENT.length));
            exchange.sendResponseHeaders(206, CONTENT.length - from);
            exchange.getResponseBody().write(CONTENT, from, CONTENT.length - from);
        } else {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        }
        exchange.close();
    }

    private String address() {
        return "http://127.0.0.1:%d"
                .formatted(Objects.requireNonNull(server).getAddress().getPort());
    }

    private Downloads downloads() throws IOException {
        return new Downloads(
                Store.open(folder.resolve("store")),
                Objects.requireNonNull(transport),
                new Retries(RetryPolicy.usual(), duration -> {}, () -> 0));
    }

    private Origin origin(String written, Sha256 digest) {
        return new Origin(written, folder, new TreeMap<>(java.util.Map.of(Origin.ALL, digest)));
    }

    private byte[] fetched(Origin origin) throws Exception {
        return downloads().fetch(WHAT, origin, "arm64").readAll("file", CONTENT.length);
    }

    private List<Path> leftOver() throws IOException {
        try (var files = Files.list(folder.resolve("store/tmp"))) {
            return files.toList();
        }
    }

    @Test
    void whatIsInTheStoreIsNotAskedForAgain() throws Exception {
        Origin origin = origin(address() + "/x-{architecture}.tar.gz", Sha256.of(CONTENT));
        assertEquals(false, downloads().has(origin, "arm64"));
        assertArrayEquals(CONTENT, fetched(origin));
        assertEquals(true, downloads().has(origin, "arm64"));
        stop();
        start();
        assertArrayEquals(CONTENT, fetched(origin));
        assertEquals(List.of("/x-arm64.tar.gz"), asked);
    }

    @Test
    void aTransferThatBreaksContinuesWhereItWas() throws Exception {
        manner = Manner.BREAKS;
        assertArrayEquals(CONTENT, fetched(origin(address() + "/x", Sha256.of(CONTENT))));
        assertEquals(2, asked.size(), asked::toString);
        assertTrue(asked.getLast().matches("/x bytes=[1-9]\\d*-"), asked::toString);
    }

    @Test
    void aServerWithoutRangesStartsOver() throws Exception {
        manner = Manner.BREAKS_AND_STARTS_OVER;
        assertArrayEquals(CONTENT, fetched(origin(address() + "/x", Sha256.of(CONTENT))));
        assertEquals(2, asked.size(), asked::toString);
    }

    @Test
    void whatMayWorkLaterIsTriedAgainAndRedirectsAreFollowed() throws Exception {
        manner = Manner.BUSY_FIRST;
        assertArrayEquals(CONTENT, fetched(origin(address() + "/x", Sha256.of(CONTENT))));
        assertEquals(List.of("/x", "/x"), asked);
        asked.clear();
        manner = Manner.MOVED;
        byte[] other = Arrays.copyOf(CONTENT, CONTENT.length);
        Files.deleteIfExists(
                folder.resolve("store/blobs/sha256").resolve(Sha256.of(CONTENT).hex()));
        assertArrayEquals(other, fetched(origin(address() + "/x", Sha256.of(CONTENT))));
        assertEquals(List.of("/x", "/elsewhere"), asked);
    }

    private Problem refused(Origin origin) {
        return assertThrows(BuildException.class, () -> fetched(origin))
                .problems()
                .getFirst();
    }

    @Test
    void anotherContentIsRefusedWithBothDigests() throws Exception {
        Sha256 wanted = Sha256.of("else".getBytes(UTF_8));
        String remedy =
                "if the file was replaced on purpose, inspect it and update sha256; otherwise get it from another place";
        assertEquals(
                Problem.failed(Problem.Kind.BAD_ARTIFACT, WHAT)
                        .because("%s/x has the digest %s, but sha256 says %s"
                                .formatted(address(), Sha256.of(CONTENT), wanted))
                        .trying(remedy),
                refused(origin(address() + "/x", wanted)));
        Path file = Files.write(folder.resolve("local"), CONTENT);
        assertEquals(
                Problem.failed(Problem.Kind.BAD_ARTIFACT, WHAT)
                        .because("%s has the digest %s, but sha256 says %s".formatted(file, Sha256.of(CONTENT), wanted))
                        .trying(remedy),
                refused(origin("local", wanted)));
        assertEquals(List.of(), leftOver());
        assertArrayEquals(CONTENT, fetched(origin("./local", Sha256.of(CONTENT))));
    }

    @Test
    void missingFilesAreReportedInTheServersWords() throws Exception {
        manner = Manner.GONE;
        Problem problem = refused(origin(address() + "/x", Sha256.of(CONTENT)));
        assertEquals(WHAT, problem.what());
        assertEquals("the server answered 404: not here", problem.why());
        assertEquals(List.of("/x"), asked);
        assertEquals(List.of(), leftOver());
        Origin nobody = origin("http://127.0.0.1:1/x", Sha256.of(CONTENT));
        assertEquals("127.0.0.1:1 refused the connection", refused(nobody).why());
    }

    @Test
    void aFileWithoutEndIsGivenUp() throws Exception {
        try (ResumedFile file = new ResumedFile(folder.resolve("part"), 10)) {
            file.write(CONTENT, 0, 10);
            assertEquals(
                    "download at offset 0 (0x0): at least 11 bytes; the limit is 10",
                    assertThrows(IOException.class, () -> file.write(CONTENT, 0, 1))
                            .getMessage());
        }
    }
}
