package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import dev.talosforge.testkit.FaultProxy;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.testkit.SpecRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may go wrong on the way to Debian's docker-registry, request by request. */
@Tag("registry")
class FaultTest {
    private static final Platform AMD64 = Platform.linux("amd64");

    @TempDir
    private Path directory;

    private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
    private final Map<Sha256, byte[]> blobs = new ConcurrentHashMap<>();
    private HttpTransport transport;

    @BeforeEach
    void start() throws Exception {
        transport = new HttpTransport(TransportSettings.usual());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    private Descriptor blob(String mediaType, byte[] content) {
        Descriptor descriptor = Descriptor.of(mediaType, content);
        blobs.put(descriptor.digest(), content);
        return descriptor;
    }

    private Descriptor image(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        Descriptor config = blob(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8));
        return blob(
                MediaType.OCI_MANIFEST,
                Manifest.of(config, List.of(blob(MediaType.OCI_LAYER, content))).toBytes());
    }

    private final Blobs from = wanted -> ByteSource.of(Objects.requireNonNull(blobs.get(wanted.digest())));

    private RegistryClient client(HttpTransport sender) {
        return new RegistryClient(
                sender,
                new Retries(RetryPolicy.usual(), waits::add, () -> 0),
                RegistrySettings.none(),
                _ -> Credentials.anonymous());
    }

    private static ImageReference named(FaultProxy proxy, String repository) {
        return ImageReference.parse("127.0.0.1:%d/%s:v1".formatted(proxy.port(), repository));
    }

    @Test
    void everyRequestIsRepeated() throws Exception {
        List<FaultProxy.Fault> faults = new ArrayList<>(List.of(FaultProxy.reset()));
        for (int status : List.of(408, 429, 500, 502, 503, 504)) {
            faults.add(FaultProxy.status(status, ""));
        }
        Descriptor image = image(2000);
        try (LocalRegistry registry = LocalRegistry.start(directory);
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            for (FaultProxy.Fault fault : faults) {
                String repository = "acme/r" + faults.indexOf(fault);
                String base = " /v2/" + repository + "/";
                for (String start : List.of(
                        "HEAD" + base + "manifests/v1",
                        "HEAD" + base + "blobs/",
                        "POST" + base,
                        "PUT" + base + "blobs/uploads/",
                        "PUT" + base + "manifests/v1",
                        "GET" + base + "manifests/sha256",
                        "GET" + base + "manifests/v1",
                        "GET" + base + "blobs/sha256")) {
                    proxy.fault(start, fault);
                }
                ImageReference name = named(proxy, repository);
                client(transport).push(name, image, from, List.of(), TagPolicy.KEEP);
                client(transport)
                        .pull(
                                name,
                                AMD64,
                                digest -> directory.resolve(repository).resolve(digest.hex()));
                assertEquals(0, proxy.left(), fault.toString());
                // a reset before the first byte of an answer to GET or HEAD is the runtime's to repeat
                assertEquals(fault.equals(faults.getFirst()) ? 3 : 8, waits.size(), fault.toString());
                waits.clear();
            }
        }
    }

    @Test
    void everyRequestOfAnUploadInChunksIsRepeated() throws Exception {
        List<FaultProxy.Fault> faults = new ArrayList<>(List.of(FaultProxy.reset()));
        for (int status : List.of(408, 429, 500, 502, 503, 504)) {
            faults.add(FaultProxy.status(status, ""));
        }
        Descriptor image = image(2000);
        try (LocalRegistry registry = LocalRegistry.start(directory);
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            for (FaultProxy.Fault fault : faults) {
                String uploads = " /v2/acme/c%d/blobs/uploads/".formatted(faults.indexOf(fault));
                ImageReference name = named(proxy, "acme/c" + faults.indexOf(fault));
                // The configuration is there then: one blob is left to send, so no second one takes a fault meant for
                // it.
                client(transport).push(name, image(10), from, List.of(), TagPolicy.KEEP);
                proxy.fault("PUT" + uploads, FaultProxy.status(405, ""));
                proxy.fault("PATCH" + uploads, fault);
                proxy.fault("GET" + uploads, fault);
                proxy.fault("PUT" + uploads, fault);
                client(transport).push(name, image, from, List.of(), TagPolicy.MOVE);
                assertEquals(0, proxy.left(), fault.toString());
                assertEquals(image.digest(), client(transport).digest(name));
            }
        }
    }

    /** This registry gives an upload up that broke within a request: the blob begins anew. */
    @Test
    void anUploadThatBreaksWithinARequestArrives() throws Exception {
        Descriptor image = image(3_000_000);
        Descriptor layer = Manifest.parse(from.document(image)).layers().getFirst();
        try (LocalRegistry registry = LocalRegistry.start(directory);
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            ImageReference name = named(proxy, "acme/cut");
            client(transport).push(name, image(10), from, List.of(), TagPolicy.KEEP);
            proxy.fault("PUT /v2/acme/cut/blobs/uploads/", FaultProxy.cut(2_000_000));
            client(transport).push(name, image, from, List.of(), TagPolicy.MOVE);
            assertEquals(0, proxy.left());
            Path target = directory.resolve("layer");
            client(transport).pullBlob(name, layer, target);
            assertArrayEquals(blobs.get(layer.digest()), Files.readAllBytes(target));
            assertEquals(
                    List.of("3000000", "3000000"),
                    proxy.heads().stream()
                            .filter(head -> head.startsWith("PUT /v2/acme/cut/blobs/uploads/"))
                            .map(head -> head.replaceFirst("(?is).*content-length: (\\d+).*", "$1"))
                            .filter(length -> length.length() > 2)
                            .toList());
        }
    }

    /** This registry forgets an upload that breaks, and all its chunks: only one without a break arrives. */
    @Test
    void aLinkThatBreaksInEveryLargePieceCarriesSmallOnes() throws Exception {
        Descriptor image = image(9_000_000);
        try (LocalRegistry registry = LocalRegistry.start(directory);
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            ImageReference name = named(proxy, "acme/thin");
            client(transport).push(name, image(10), from, List.of(), TagPolicy.KEEP);
            String uploads = " /v2/acme/thin/blobs/uploads/";
            for (String method : List.of("PUT", "PUT", "PATCH")) { // of 9 MB, of 9 MB, of 4 MiB
                proxy.fault(method + uploads, FaultProxy.cut(2_000_000));
            }
            client(transport).push(name, image, from, List.of(), TagPolicy.MOVE);
            assertEquals(0, proxy.left());
            assertEquals(image.digest(), client(transport).digest(name));
            assertEquals(
                    "bytes of chunks: " + List.of(4 << 20, 1 << 20, 9_000_000 % (1 << 20)),
                    "bytes of chunks: " + chunks(proxy));
        }
    }

    private static List<Integer> chunks(FaultProxy proxy) {
        return proxy.heads().stream()
                .filter(head -> head.startsWith("PATCH"))
                .map(head -> Integer.valueOf(head.replaceFirst("(?is).*content-length: (\\d+).*", "$1")))
                .distinct()
                .toList();
    }

    /** A tenth of a megabyte at a time, up and down. */
    @Test
    void aLinkThatHardlyHoldsCarriesVerySmallOnes() throws Exception {
        Descriptor image = image(3_000_000);
        Descriptor layer = Manifest.parse(from.document(image)).layers().getFirst();
        try (LocalRegistry registry = LocalRegistry.start(directory);
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            ImageReference name = named(proxy, "acme/thread");
            client(transport).push(name, image(10), from, List.of(), TagPolicy.KEEP);
            for (String method : List.of("PUT", "PUT", "PATCH", "PATCH")) { // of 3 MB twice, of 1.5 MB, of 375 kB
                proxy.fault(method + " /v2/acme/thread/blobs/uploads/", FaultProxy.cut(100_000));
            }
            client(transport).push(name, image, from, List.of(), TagPolicy.MOVE);
            assertEquals(List.of(1_500_000, 375_000, 93_750), chunks(proxy));
            for (int i = 0; i < 20; i++) {
                proxy.fault("GET /v2/acme/thread/blobs/" + layer.digest(), FaultProxy.truncate(100_000));
            }
            Path target = directory.resolve("layer");
            client(transport).pullBlob(name, layer, target);
            assertEquals(0, proxy.left());
            assertArrayEquals(blobs.get(layer.digest()), Files.readAllBytes(target));
        }
    }

    /** Whole, as it seems: the length is the one that was told. */
    @Test
    void anAnswerThatLeavesSomethingOutIsAskedForTheRest() throws Exception {
        byte[] content = new byte[10_000];
        new Random(1).nextBytes(content);
        Descriptor blob = Descriptor.of(MediaType.OCI_LAYER, content);
        List<String> ranges = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(String.valueOf(range));
            int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            int end = start == 0 ? content.length - 150 : content.length;
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(start, end - 1, content.length));
            exchange.sendResponseHeaders(range == null ? 200 : 206, end - start);
            exchange.getResponseBody().write(content, start, end - start);
            exchange.close();
        });
        server.start();
        try {
            Path target = directory.resolve("blob");
            client(transport)
                    .pullBlob(
                            ImageReference.parse("127.0.0.1:%d/acme/app:v1"
                                    .formatted(server.getAddress().getPort())),
                            blob,
                            target);
            assertArrayEquals(content, Files.readAllBytes(target));
            assertEquals(List.of("null", "bytes=9850-"), ranges);
            assertEquals(List.of(), waits);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aBlobThatArrivesWithOtherBytesIsSentAgain() throws Exception {
        Descriptor image = image(2000);
        try (LocalRegistry registry = LocalRegistry.start(directory);
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            ImageReference name = named(proxy, "acme/spoilt");
            client(transport).push(name, image(10), from, List.of(), TagPolicy.KEEP);
            String put = "PUT /v2/acme/spoilt/blobs/uploads/";
            FaultProxy.Fault spoilt = FaultProxy.refusal(400, "DIGEST_INVALID", "digests differ");
            proxy.fault(put, spoilt);
            proxy.fault(put, spoilt);
            BuildException e = assertThrows(
                    BuildException.class, () -> client(transport).push(name, image, from, List.of(), TagPolicy.MOVE));
            assertEquals(
                    "DIGEST_INVALID: digests differ", e.problems().getFirst().why());
            proxy.fault(put, spoilt);
            client(transport).push(name, image, from, List.of(), TagPolicy.MOVE);
            assertEquals(0, proxy.left());
            assertEquals(image.digest(), client(transport).digest(name));
        }
    }

    @Test
    void aStalledPullContinuesWhereItStopped() throws Exception {
        Descriptor image = image(3_000_000);
        try (LocalRegistry registry = LocalRegistry.start(directory);
                FaultProxy proxy = FaultProxy.to(registry.port());
                HttpTransport hasty =
                        new HttpTransport(TransportSettings.usual().withIdle(Duration.ofSeconds(2)))) {
            ImageReference name = named(proxy, "acme/still");
            client(transport).push(name, image, from, List.of(), TagPolicy.KEEP);
            Descriptor layer = Manifest.parse(from.document(image)).layers().getFirst();
            proxy.fault("GET /v2/acme/still/blobs/" + layer.digest(), FaultProxy.stall(2_000_000));
            Path target = directory.resolve("layer");
            client(hasty).pullBlob(name, layer, target);
            assertArrayEquals(blobs.get(layer.digest()), Files.readAllBytes(target));
            // A machine that stands still itself may make more requests of it: the first one after the fault counts.
            List<String> pulls = proxy.heads().stream()
                    .filter(head -> head.startsWith("GET /v2/acme/still/blobs/" + layer.digest()))
                    .toList();
            assertTrue(pulls.get(1).contains("Range: bytes=1"), pulls::toString);
        }
    }

    @Test
    void aServerMayNameATimeToComeAgain() throws Exception {
        try (SpecRegistry registry = SpecRegistry.start();
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            registry.put("/v2/acme/app/manifests/v1", from.document(image(10)));
            String manifest = "GET /v2/acme/app/manifests/v1";
            proxy.fault(
                    manifest,
                    FaultProxy.status(
                            503,
                            "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2015 07:28:12 GMT\r\n"));
            proxy.fault(manifest, FaultProxy.status(429, "Retry-After: 90\r\n"));
            proxy.fault(manifest, FaultProxy.status(429, "Retry-After: soon\r\n"));
            client(transport).resolve(named(proxy, "acme/app"), AMD64);
            assertEquals(List.of(Duration.ofSeconds(12), Duration.ofSeconds(90), Duration.ofSeconds(1)), waits);
            waits.clear();
            proxy.fault(manifest, FaultProxy.status(429, "Retry-After: 21600\r\n"));
            BuildException e = assertThrows(
                    BuildException.class, () -> client(transport).resolve(named(proxy, "acme/app"), AMD64));
            assertEquals(
                    "the server answered 429; it asks for a pause of 21600 s",
                    e.problems().getFirst().why());
            assertEquals(List.of(), waits);
        }
    }

    @Test
    void aHostIsAskedForFourThingsAtOnce() throws Exception {
        CyclicBarrier four = new CyclicBarrier(4);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Descriptor> layers = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            layers.add(blob(MediaType.OCI_LAYER, new byte[i + 1]));
        }
        Descriptor config = blob(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8));
        byte[] manifest = Manifest.of(config, layers).toBytes();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2/acme/app/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] body = manifest;
            if (path.contains("/blobs/")) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                try {
                    four.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                body = Objects.requireNonNull(blobs.get(Sha256.parse(path.substring(path.lastIndexOf('/') + 1))));
                now.decrementAndGet();
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            ImageReference name = ImageReference.parse(
                    "127.0.0.1:%d/acme/app:v1".formatted(server.getAddress().getPort()));
            client(transport).pull(name, AMD64, digest -> directory.resolve(digest.hex()));
            assertEquals(4, most.get());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aDownloadElsewhereGetsNoLogin() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        byte[] content = "layer".getBytes(UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = server.getAddress().getPort();
        server.createContext("/", exchange -> {
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            boolean storage = exchange.getRequestURI().getPath().equals("/storage");
            seen.add(exchange.getRequestURI().getPath().replaceFirst("sha256:.*", "DIGEST") + " " + given);
            if (!storage) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                exchange.getResponseHeaders()
                        .set("Location", "http://localhost:%d/storage?X-Amz-Signature=s".formatted(port));
            }
            exchange.sendResponseHeaders(storage ? 200 : given == null ? 401 : 307, storage ? content.length : -1);
            if (storage) {
                exchange.getResponseBody().write(content);
            }
            exchange.close();
        });
        server.start();
        try {
            RegistryClient client = new RegistryClient(
                    transport,
                    new Retries(RetryPolicy.usual(), waits::add, () -> 0),
                    RegistrySettings.none(),
                    _ -> new Credentials.Login("u", "p"));
            client.pullBlob(
                    ImageReference.parse("127.0.0.1:%d/acme/app:v1".formatted(port)),
                    Descriptor.of(MediaType.OCI_LAYER, content),
                    directory.resolve("blob"));
            assertEquals(
                    List.of("/v2/acme/app/blobs/DIGEST null", "/v2/acme/app/blobs/DIGEST Basic dTpw", "/storage null"),
                    seen);
        } finally {
            server.stop(0);
        }
    }
}
