package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.talosforge.problem.Problem;
import dev.talosforge.testkit.FaultProxy;
import dev.talosforge.testkit.SpecRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Uploads that break, that are refused in one form or the other, and whose tokens run out on the way. */
@Tag("registry")
class UploadTest {
    private static final int MIB = 1 << 20;

    private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
    private final Map<Sha256, byte[]> blobs = new ConcurrentHashMap<>();
    private final Blobs from = wanted -> ByteSource.of(Objects.requireNonNull(blobs.get(wanted.digest())));
    private SpecRegistry registry;
    private HttpTransport transport;

    @BeforeEach
    void start() throws IOException {
        registry = SpecRegistry.start();
        transport = new HttpTransport(TransportSettings.usual());
    }

    @AfterEach
    void stop() {
        transport.close();
        registry.close();
    }

    private Descriptor blob(String mediaType, byte[] content) {
        Descriptor descriptor = Descriptor.of(mediaType, content);
        blobs.put(descriptor.digest(), content);
        return descriptor;
    }

    private Descriptor noise(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return blob(MediaType.OCI_LAYER, content);
    }

    private Descriptor image(Descriptor... layers) {
        Descriptor config = blob(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8));
        // there already: the layer's upload is the first one
        registry.put("/v2/acme/app/blobs/" + config.digest(), "{}".getBytes(UTF_8));
        return blob(MediaType.OCI_MANIFEST, Manifest.of(config, List.of(layers)).toBytes());
    }

    private RegistryClient client() {
        return new RegistryClient(
                transport,
                new Retries(RetryPolicy.usual(), waits::add, () -> 0),
                RegistrySettings.none(),
                _ -> Credentials.anonymous());
    }

    private ImageReference at(String host) {
        return ImageReference.parse(host + "/acme/app:v1");
    }

    private void push(Descriptor top) throws InterruptedException {
        client().push(at(registry.host()), top, from, List.of(), TagPolicy.KEEP);
    }

    private void arrived(Descriptor layer) {
        assertArrayEquals(blobs.get(layer.digest()), registry.content("/v2/acme/app/blobs/" + layer.digest()));
        assertTrue(registry.content("/v2/acme/app/manifests/v1") != null, "there is a tag");
    }

    /** Requests to uploads that brought part of the layer: method, length, range. */
    private List<String> pieces() {
        return registry.seen().stream()
                .filter(line -> line.contains("/blobs/uploads/") && !line.matches(".* (null|0|2) null"))
                .map(line -> line.replaceFirst(" \\S+", ""))
                .toList();
    }

    @Test
    void theRightToPushIsAskedForWithoutLeavingAnything() throws Exception {
        client().checkPush(at(registry.host()));
        assertEquals(
                List.of("POST /v2/acme/app/blobs/uploads/ 0 null", "DELETE /v2/acme/app/blobs/uploads/1 0 null"),
                registry.seen());
        assertEquals(0, registry.openUploads());
        registry.refuse("DELETE ", -1, 405, 1);
        client().checkPush(at(registry.host())); // who cannot call it off lets it end by its age
        registry.refuse("POST ", -1, 403, 1);
        BuildException refused = assertThrows(BuildException.class, () -> client().checkPush(at(registry.host())));
        assertEquals(
                "cannot push to %s/acme/app".formatted(registry.host()),
                refused.problems().getFirst().what());
        assertEquals(Problem.Kind.REFUSED, refused.problems().getFirst().kind());
    }

    @Test
    void aBrokenUploadContinuesWhereItBroke() throws Exception {
        Descriptor layer = noise(5_000_000);
        try (FaultProxy proxy = FaultProxy.to(registry.port())) {
            proxy.fault("PUT /v2/acme/app/blobs/uploads/1", FaultProxy.cut(3_000_000));
            proxy.fault("PATCH /v2/acme/app/blobs/uploads/1", FaultProxy.cut(500_000));
            proxy.fault("PATCH /v2/acme/app/blobs/uploads/1", FaultProxy.status(503, "Retry-After: 9\r\n"));
            client().pushIndex(
                            at("127.0.0.1:" + proxy.port()),
                            List.of(image(layer).withPlatform(Platform.linux("amd64"))),
                            from,
                            List.of(),
                            TagPolicy.KEEP);
            assertEquals(0, proxy.left());
        }
        arrived(layer);
        assertEquals(
                List.of("PUT 5000000 null", "PATCH 2000000 3000000-4999999", "PATCH 1500000 3500000-4999999"),
                pieces());
        assertTrue(waits.contains(Duration.ofSeconds(9)), waits.toString());
    }

    @Test
    void aServerThatTakesNoSecondPieceGetsAllAtOnceAgain() throws Exception {
        Descriptor layer = noise(5_000_000);
        registry.refuse("PATCH ", 0, 405, 9);
        try (FaultProxy proxy = FaultProxy.to(registry.port())) {
            proxy.fault("PUT /v2/acme/app/blobs/uploads/1", FaultProxy.cut(3_000_000));
            client().push(at("127.0.0.1:" + proxy.port()), image(layer), from, List.of(), TagPolicy.KEEP);
        }
        arrived(layer);
        assertEquals(List.of("PUT 5000000 null", "PATCH 2000000 3000000-4999999", "PUT 5000000 null"), pieces());
    }

    @Test
    void aServerThatTakesNoLargePieceGetsSmallOnes() throws Exception {
        Descriptor layer = noise(1_300_000);
        registry.refuse("PUT ", 600_000, 413, 9);
        registry.refuse("PATCH ", 600_000, 413, 9);
        push(image(layer));
        arrived(layer);
        assertEquals(
                List.of(
                        "PUT 1300000 null",
                        "PATCH 1300000 0-1299999",
                        "PATCH 1300000 0-1299999",
                        "PATCH 524288 0-524287",
                        "PATCH 524288 524288-1048575",
                        "PATCH 251424 1048576-1299999"),
                pieces());
    }

    @Test
    void aServerThatLostHalfOfAChunkIsAsked() throws Exception {
        Descriptor layer = noise(17 * MIB);
        registry.refuse("PUT ", 9 * MIB, 413, 1);
        registry.loseHalf(1);
        push(image(layer));
        arrived(layer);
        assertTrue(pieces().contains("PATCH 8388608 4194304-12582911"));
    }

    @Test
    void aServerThatLosesEveryChunkIsGivenUp() {
        registry.refuse("PUT ", 9 * MIB, 413, 99);
        registry.loseHalf(10_000);
        BuildException e = assertThrows(BuildException.class, () -> push(image(noise(40 * MIB))));
        assertTrue(
                e.problems().getFirst().why().startsWith("the server answered 416"),
                e.problems().getFirst().why());
        assertNull(registry.content("/v2/acme/app/manifests/v1"));
    }

    @Test
    void tokensThatRunOutBetweenChunksAreRenewed() throws Exception {
        Descriptor layer = noise(20 * MIB);
        registry.refuse("PUT ", 9 * MIB, 413, 1);
        registry.tokensWorth(2);
        push(image(layer));
        arrived(layer);
        assertTrue(registry.tokens() > 4, "tokens: " + registry.tokens());
        assertEquals(List.of(), waits);
    }

    @Test
    void aTokenThatRanOutWhileABodyWasSentIsRenewed() throws Exception {
        Descriptor layer = noise(5 * MIB);
        registry.tokensWorth(1000);
        registry.refuse("PUT /v2/acme/app/blobs/uploads/", MIB, 401, 1);
        push(image(layer));
        arrived(layer);
        assertEquals(2, registry.tokens());
        assertEquals(List.of("PUT 5242880 null", "PUT 5242880 null"), pieces());
    }

    @Test
    void anOldTokenThatIsDeniedWithoutAChallengeIsRenewed() throws Exception {
        Descriptor layer = noise(2 * MIB);
        registry.tokensWorth(1000);
        RegistryClient client = client();
        client.push(at(registry.host()), image(layer), from, List.of(), TagPolicy.KEEP);
        registry.refuse("HEAD /v2/acme/app/manifests/v1", -1, 403, 1);
        client.push(at(registry.host()), image(layer), from, List.of(), TagPolicy.KEEP);
        assertEquals(2, registry.tokens());
    }

    @Test
    void aTagIsSetWhenAllIsThere() throws Exception {
        Descriptor amd64 = image(noise(1000)).withPlatform(Platform.linux("amd64"));
        Descriptor arm64 = image(noise(2000)).withPlatform(Platform.linux("arm64"));
        Pushed pushed = client().pushIndex(at(registry.host()), List.of(amd64, arm64), from, List.of(), TagPolicy.KEEP);
        Sha256 index = pushed.reference().digest();
        assertEquals(
                Stream.of(amd64.digest(), arm64.digest(), "v1")
                        .map(name -> "PUT /v2/acme/app/manifests/" + name)
                        .toList(),
                registry.seen().stream()
                        .filter(line -> line.startsWith("PUT /v2/acme/app/manifests/"))
                        .map(line -> line.substring(0, line.indexOf(' ', 4)))
                        .toList());
        List<String> seen = registry.seen();
        assertEquals(index, client().digest(at(registry.host())));
        int lastBlob = seen.stream()
                .filter(line -> line.contains("/blobs/"))
                .mapToInt(seen::lastIndexOf)
                .max()
                .orElseThrow();
        assertTrue(
                lastBlob
                        < seen.indexOf(seen.stream()
                                .filter(line -> line.startsWith("PUT /v2/acme/app/manifests/"))
                                .findFirst()
                                .orElseThrow()),
                seen.toString());
        assertEquals(
                amd64,
                client().resolve(at(registry.host()), Platform.linux("amd64")).selected());
        assertEquals(
                arm64,
                client().resolve(at(registry.host()), Platform.linux("arm64")).selected());
        assertThrows(
                IllegalArgumentException.class,
                () -> client().pushIndex(at(registry.host()), List.of(image()), from, List.of(), TagPolicy.KEEP));
    }

    @Test
    void aPushThatFailsLeavesTheTagWhereItWas() throws Exception {
        push(image(noise(1000)));
        byte[] before = registry.content("/v2/acme/app/manifests/v1");
        Descriptor large = noise(2 * MIB);
        registry.refuse("PUT /v2/acme/app/blobs/uploads/", MIB, 403, 9);
        BuildException e = assertThrows(
                BuildException.class,
                () -> client().push(at(registry.host()), image(large), from, List.of(), TagPolicy.MOVE));
        assertEquals("the server answered 403", e.problems().getFirst().why());
        assertArrayEquals(before, registry.content("/v2/acme/app/manifests/v1"));
        assertNull(registry.content("/v2/acme/app/manifests/" + image(large).digest()));
    }
}
