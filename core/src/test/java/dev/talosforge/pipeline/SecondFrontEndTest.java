package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.talosforge.engine.Event;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextFactory;
import dev.talosforge.pipeline.context.ContextSettings;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a front end does that is no command line: builds from values, several in one process, and nothing stays of them.
 */
class SecondFrontEndTest {
    private static final InstantSource CLOCK = () -> Instant.ofEpochSecond(1_764_000_000L);

    private static final String UNIT = """
            terraform { source = "../modules/talos_extension" }
            inputs = {
              name               = "hello"
              version            = "v1.0.0"
              extension_registry = "oci:out"
              sources            = [{ files = { "usr/local/share/hello.txt" = "hello" } }]
            }
            """;

    @TempDir
    Path folder = Path.of("");

    /** Threads inherit it: those that a client's threads start are known by it, whatever else runs in this process. */
    private final ClassLoader mark = new ClassLoader(SecondFrontEndTest.class.getClassLoader()) {};

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
    }

    /** A request, such as a service would have it: its own variables, its own store, its own ear. */
    private final class Client implements AutoCloseable {
        final List<Event> events = Collections.synchronizedList(new ArrayList<>());
        final ContextFactory contexts;
        private final SortedMap<String, String> environment = new TreeMap<>();

        Client(String name) {
            environment.put("SOURCE_DATE_EPOCH", "1735689600");
            environment.put("XDG_CACHE_HOME", "cache-of-" + name);
            contexts = new ContextFactory(
                    new ContextSettings(environment, folder, null, null, false, false, false, events::add, CLOCK));
        }

        /** Plans and applies what is at or below a folder. */
        String build(Path tree) throws Exception {
            BuildContext context = contexts.context();
            FutureTask<Boolean> computed = new FutureTask<>(() -> true); // small trees leave the workers nothing to do
            context.workers().execute(computed);
            assertTrue(computed.get());
            Forge forge = new Forge(context, RunSettings.plain(environment, CLOCK));
            int plans = forge.planAll(tree, RunQueue.all(1)).size();
            List<UnitResult> results = forge.applyAll(tree, RunQueue.all(2));
            return plans + " "
                    + String.join(
                            ", ",
                            results.stream()
                                    .map(result -> result.unit() + " " + result.ending() + " " + result.problems())
                                    .toList());
        }

        @Override
        public void close() {
            contexts.close();
        }
    }

    private Path tree(String name) throws IOException {
        Path tree = folder.resolve(name);
        Files.createDirectories(tree.resolve("hello"));
        Files.writeString(tree.resolve("hello/terragrunt.hcl"), UNIT);
        return tree;
    }

    /** Does both at the same time, in threads with the mark. */
    private List<String> together(Callable<String> one, Callable<String> other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<FutureTask<String>> tasks = new ArrayList<>();
        for (Callable<String> work : List.of(one, other)) {
            FutureTask<String> task = new FutureTask<>(() -> {
                start.await(1, TimeUnit.MINUTES);
                return work.call();
            });
            tasks.add(task);
            Thread thread = new Thread(task);
            thread.setContextClassLoader(mark);
            thread.start();
        }
        return List.of(tasks.get(0).get(1, TimeUnit.MINUTES), tasks.get(1).get(1, TimeUnit.MINUTES));
    }

    private static byte[] published(Path tree) throws IOException {
        return Files.readAllBytes(tree.resolve("hello/out/index.json"));
    }

    private List<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> mark.equals(thread.getContextClassLoader()))
                .toList();
    }

    private void assertNoThreadStays() throws InterruptedException {
        for (Thread thread : running()) {
            assertTrue(thread.join(Duration.ofMinutes(5)), () -> "still there: " + thread);
        }
    }

    @Test
    void twoTreesAreBuiltAtTheSameTimeByTwoClients() throws Exception {
        Path a = tree("a");
        Path b = tree("b");
        try (Client first = new Client("first");
                Client second = new Client("second")) {
            assertEquals(
                    List.of("1 hello APPLIED []", "1 hello APPLIED []"),
                    together(() -> first.build(a), () -> second.build(b)));
            assertArrayEquals(published(a), published(b));
            assertTrue(Files.isDirectory(folder.resolve("cache-of-first/talos-forge/blobs")));
            assertTrue(Files.isDirectory(folder.resolve("cache-of-second/talos-forge/blobs")));
            assertNotEquals(List.of(), first.events);
            assertEquals(first.events.size(), second.events.size());
            assertNotEquals(List.of(), running(), "it is not seen which threads there are");
        }
        assertNoThreadStays();
    }

    /** An HTTP client's threads take no mark from those that started them. */
    private static Set<Thread> ofHttpClients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-"))
                .collect(Collectors.toSet());
    }

    @Test
    @Tag("registry")
    void theThreadsOfATransportEndWithItsFactory() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        Set<Thread> before = ofHttpClients();
        Set<Thread> started;
        try (Client client = new Client("network")) {
            String image = "127.0.0.1:%d/hello:v1".formatted(server.getAddress().getPort());
            assertNull(client.contexts.registries().digest(ImageReference.parse(image)));
            started = ofHttpClients();
            started.removeAll(before);
            assertNotEquals(Set.of(), started, "it is not seen which threads there are");
        } finally {
            server.stop(0);
        }
        for (Thread thread : started) {
            assertTrue(thread.join(Duration.ofSeconds(30)), () -> "still there: " + thread);
        }
    }

    @Test
    void oneContextServesTwoBuildsAtATimeAndIsMadeOnce() throws Exception {
        Path a = tree("a");
        Path b = tree("b");
        try (Client client = new Client("both")) {
            assertEquals(
                    List.of("1 hello APPLIED []", "1 hello APPLIED []"),
                    together(() -> client.build(a), () -> client.build(b)));
            assertEquals(client.contexts.context(), client.contexts.context());
            assertArrayEquals(published(a), published(b));
        }
        assertNoThreadStays();
        try (Client later = new Client("both")) { // nobody holds the store any more
            assertEquals("1 hello APPLIED []", later.build(a));
            assertNotNull(later.contexts.store());
        }
    }
}
