package dev.talosforge.registry;

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
import dev.talosforge.net.TlsSettings;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.testkit.FaultProxy;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's docker-registry, with faults in between, and with skopeo on the other side. */
@Tag("registry")
class RegistryClientTest {
    private static final Platform AMD64 = Platform.linux("amd64");

    @TempDir
    private Path directory;

    private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
    private HttpTransport transport;
    private LocalRegistry registry;

    @BeforeEach
    void start() throws Exception {
        transport = new HttpTransport(TransportSettings.usual());
        registry = LocalRegistry.start(Files.createDirectories(directory.resolve("plain")));
    }

    @AfterEach
    void stop() {
        registry.close();
        transport.close();
    }

    private RegistryClient client(RegistrySettings settings, CredentialSource credentials) {
        return new RegistryClient(
                transport, new Retries(RetryPolicy.usual(), waits::add, () -> 0), settings, credentials);
    }

    private RegistryClient client() {
        return client(RegistrySettings.none(), host -> Credentials.anonymous());
    }

    /** Sends ghcr.io somewhere else. */
    private RegistryClient through(int port) throws IOException {
        String json = "{\"ghcr.io\":[{\"url\":\"http://127.0.0.1:%d\",\"path\":\"mirror\"}]}".formatted(port);
        return client(RegistrySettings.parse(json.getBytes(StandardCharsets.UTF_8)), host -> Credentials.anonymous());
    }

    private ImageReference reference(String rest) {
        return ImageReference.parse(registry.host() + "/" + rest);
    }

    private static final class Made {
        private final OciLayout layout;
        private final Descriptor top;
        private final byte[] layer;

        private Made(OciLayout layout, Descriptor top, byte[] layer) {
            this.layout = layout;
            this.top = top;
            this.layer = layer;
        }
    }

    /** One layer of noise: a tar archive with one file. */
    private Made image(String name, int size) throws IOException {
        byte[] tar = tar(size);
        OciLayout layout = OciLayout.create(directory.resolve(name));
        Descriptor layer = layout.put(MediaType.OCI_LAYER, tar);
        String config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}"
                        .formatted(layer.digest());
        Descriptor configured = layout.put(MediaType.OCI_CONFIG, config.getBytes(StandardCharsets.UTF_8));
        Descriptor manifest = layout.put(
                MediaType.OCI_MANIFEST, Manifest.of(configured, List.of(layer)).toBytes());
        Descriptor top = layout.put(
                MediaType.OCI_INDEX,
                Index.of(List.of(manifest.withPlatform(AMD64))).toBytes());
        return new Made(layout, top, tar);
    }

    private static byte[] tar(int size) {
        byte[] tar = new byte[512 + (size + 511) / 512 * 512 + 1024];
        byte[] content = new byte[size];
        new Random(7).nextBytes(content);
        System.arraycopy(content, 0, tar, 512, size);
        put(tar, 0, "noise");
        put(tar, 100, "0000644\0" + "0000000\0" + "0000000\0" + String.format("%011o", size) + "\0" + "00000000000\0");
        put(tar, 148, "        0");
        put(tar, 257, "ustar\0" + "00");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xff;
        }
        put(tar, 148, String.format("%06o", sum) + "\0 ");
        return tar;
    }

    private static void put(byte[] into, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, into, at, bytes.length);
    }

    @Test
    void whatIsPushedIsReadBySkopeoAndPulledAgain() throws Exception {
        Made made = image("ours", 3_000_000);
        Pushed pushed = client().push(reference("acme/installer:v1"), made.top, made.layout, List.of(), TagPolicy.KEEP);
        assertNull(pushed.before());
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        Path none = Files.createFile(directory.resolve("none"));
        String copy = "dir:" + directory.resolve("copied");
        skopeo.run(
                directory,
                none,
                "copy",
                "--all",
                "--preserve-digests",
                "--insecure-policy",
                "--src-tls-verify=false",
                "docker://" + registry.host() + "/acme/installer:v1",
                copy);
        assertArrayEquals(
                made.layer,
                Files.readAllBytes(directory
                        .resolve("copied")
                        .resolve(Sha256.of(made.layer).hex())));
        OciLayout into = OciLayout.create(directory.resolve("pulled"));
        Resolved resolved = client().pull(reference("acme/installer:v1"), AMD64, into::blob);
        assertEquals(made.top.digest(), resolved.top().digest());
        assertEquals(pushed.reference(), resolved.reference());
        assertArrayEquals(made.layer, Files.readAllBytes(into.blob(Sha256.of(made.layer))));
        assertEquals(List.of("v1"), client().tags(reference("acme/installer")));
    }

    @Test
    void whatSkopeoPushesIsPulledWithDockersTypes() throws Exception {
        Made made = image("theirs", 100_000);
        made.layout.add(made.top.withAnnotation(Descriptor.REF_NAME, "v1"));
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        skopeo.run(
                directory,
                Files.createFile(directory.resolve("none")),
                "copy",
                "--insecure-policy",
                "--dest-tls-verify=false",
                "--format",
                "v2s2",
                "oci:" + directory.resolve("theirs") + ":v1",
                "docker://" + registry.host() + "/acme/docker:v2");
        Path blobs = directory.resolve("blobs");
        Resolved resolved = client().pull(reference("acme/docker:v2"), AMD64, digest -> blobs.resolve(digest.hex()));
        assertEquals(MediaType.DOCKER_MANIFEST, resolved.selected().mediaType());
        for (Descriptor layer : resolved.manifest().layers()) {
            assertEquals(
                    layer.digest(),
                    Sha256.of(ByteSource.of(blobs.resolve(layer.digest().hex()))));
        }
    }

    @Test
    void aMirrorAnswersForItsRegistryUnderItsPath() throws Exception {
        Made made = image("mirrored", 1000);
        ImageReference name = ImageReference.parse("ghcr.io/siderolabs/installer:v1.11.5");
        through(registry.port()).push(name, made.top, made.layout, List.of(), TagPolicy.KEEP);
        assertEquals(made.top.digest(), client().digest(reference("mirror/siderolabs/installer:v1.11.5")));
        assertEquals(
                made.top.digest(),
                through(registry.port()).resolve(name, AMD64).top().digest());
    }

    @Test
    void anUnknownManifestIsExplained() throws Exception {
        Made made = image("known", 1000);
        client().push(reference("acme/known:v1"), made.top, made.layout, List.of(), TagPolicy.KEEP);
        BuildException e =
                assertThrows(BuildException.class, () -> client().resolve(reference("acme/known:v2"), AMD64));
        String host = registry.host();
        assertEquals(
                ("Problem[kind=INVALID_INPUT, what=cannot resolve %s/acme/known:v2, where=Remote[method=GET, "
                                + "uri=http://%s/v2/acme/known/manifests/v2, status=404], "
                                + "why=MANIFEST_UNKNOWN: manifest unknown, "
                                + "remedy=list the tags: tags %s/acme/known]")
                        .formatted(host, host, host),
                e.problems().getFirst().toString());
        BuildException name = assertThrows(BuildException.class, () -> client().tags(reference("acme/nobody")));
        assertEquals(
                "NAME_UNKNOWN: repository name not known to registry",
                name.problems().getFirst().why());
        assertNull(client().digest(reference("acme/known:v2")));
    }

    @Test
    void aTagThatWouldMoveIsRefusedUnlessAllowed() throws Exception {
        Made one = image("one", 1000);
        Made two = image("two", 2000);
        ImageReference tag = reference("acme/moving:v1");
        client().push(tag, one.top, one.layout, List.of(), TagPolicy.KEEP);
        BuildException e = assertThrows(
                BuildException.class, () -> client().push(tag, two.top, two.layout, List.of(), TagPolicy.KEEP));
        assertEquals(
                "the tag v1 names %s, and would name %s".formatted(one.top.digest(), two.top.digest()),
                e.problems().getFirst().why());
        assertEquals(one.top.digest(), client().digest(tag));
        Pushed moved = client().push(tag, two.top, two.layout, List.of(), TagPolicy.MOVE);
        assertTrue(moved.moved());
        assertEquals(two.top.digest(), client().digest(tag));
    }

    @Test
    void aRepositoryThatKeepsItsTagsAcceptsTheSameAgain() throws Exception {
        Made one = image("one", 1000);
        Made two = image("two", 2000);
        try (FaultProxy proxy = FaultProxy.to(registry.port())) {
            ImageReference tag = ImageReference.parse("127.0.0.1:" + proxy.port() + "/acme/kept:v1");
            client().push(tag, one.top, one.layout, List.of(), TagPolicy.MOVE);
            String put = "PUT /v2/acme/kept/manifests/v1";
            proxy.fault(put, FaultProxy.refusal(403, "DENIED", "tag is immutable"));
            assertEquals(
                    one.top.digest(),
                    client().push(tag, one.top, one.layout, List.of(), TagPolicy.MOVE)
                            .before());
            assertEquals(1, proxy.left());
            proxy.fault(put, FaultProxy.status(401, ""));
            String kept = "; the tag v1 names %s, and would name %s".formatted(one.top.digest(), two.top.digest());
            for (String why : List.of("DENIED: tag is immutable" + kept, "the server answered 401")) {
                BuildException e = assertThrows(
                        BuildException.class, () -> client().push(tag, two.top, two.layout, List.of(), TagPolicy.MOVE));
                assertEquals(why, e.problems().getFirst().why());
            }
            assertEquals(one.top.digest(), client().digest(tag));
        }
    }

    @Test
    void aBrokenPullContinuesWhereItBroke() throws Exception {
        Made made = image("big", 3_000_000);
        client().push(reference("mirror/acme/big:v1"), made.top, made.layout, List.of(), TagPolicy.KEEP);
        try (FaultProxy proxy = FaultProxy.to(registry.port())) {
            String layer = "GET /v2/mirror/acme/big/blobs/" + Sha256.of(made.layer);
            proxy.fault(layer, FaultProxy.truncate(1_500_000));
            proxy.fault(layer, FaultProxy.reset());
            proxy.fault(layer, FaultProxy.status(503, ""));
            proxy.fault("GET /v2/mirror/acme/big/manifests/v1", FaultProxy.status(429, "Retry-After: 3\r\n"));
            Path blobs = directory.resolve("blobs");
            through(proxy.port())
                    .pull(ImageReference.parse("ghcr.io/acme/big:v1"), AMD64, digest -> blobs.resolve(digest.hex()));
            assertArrayEquals(
                    made.layer,
                    Files.readAllBytes(blobs.resolve(Sha256.of(made.layer).hex())));
            assertTrue(waits.contains(Duration.ofSeconds(3)), waits.toString());
            assertTrue(
                    proxy.heads().stream().anyMatch(head -> head.contains("Range: bytes=")), "no range was asked for");
            assertEquals(0, proxy.left());
        }
    }

    @Test
    void aBrokenPushIsRepeated() throws Exception {
        Made made = image("up", 2_000_000);
        try (FaultProxy proxy = FaultProxy.to(registry.port())) {
            proxy.fault("POST /v2/mirror/acme/up/blobs/uploads/", FaultProxy.status(500, ""));
            proxy.fault("PUT /v2/mirror/acme/up/blobs/uploads/", FaultProxy.reset());
            proxy.fault("PUT /v2/mirror/acme/up/manifests/v1", FaultProxy.reset());
            through(proxy.port())
                    .push(ImageReference.parse("ghcr.io/acme/up:v1"), made.top, made.layout, List.of(), TagPolicy.KEEP);
            assertEquals(0, proxy.left());
        }
        assertEquals(made.top.digest(), client().digest(reference("mirror/acme/up:v1")));
    }

    @Test
    void aServerThatTakesNoLargePieceGetsChunks() throws Exception {
        Made made = image("chunked", 20_000_000);
        try (FaultProxy proxy = FaultProxy.to(registry.port())) {
            String put = "PUT /v2/mirror/acme/chunked/blobs/uploads/";
            proxy.fault(put, FaultProxy.status(413, ""));
            proxy.fault(put, FaultProxy.status(413, ""));
            proxy.fault("PATCH /v2/mirror/acme/chunked/blobs/uploads/", FaultProxy.reset());
            through(proxy.port())
                    .push(
                            ImageReference.parse("ghcr.io/acme/chunked:v1"),
                            made.top,
                            made.layout,
                            List.of(),
                            TagPolicy.KEEP);
            assertEquals(0, proxy.left());
        }
        Path blob = directory.resolve("blob");
        client().pullBlob(
                        reference("mirror/acme/chunked"),
                        new Descriptor(MediaType.OCI_LAYER, Sha256.of(made.layer), made.layer.length),
                        blob);
        assertArrayEquals(made.layer, Files.readAllBytes(blob));
    }

    @Test
    void blobsAreMountedFromAnotherRepository() throws Exception {
        Made made = image("mounted", 50_000);
        client().push(reference("acme/one:v1"), made.top, made.layout, List.of(), TagPolicy.KEEP);
        try (FaultProxy proxy = FaultProxy.to(registry.port())) {
            ImageReference other = ImageReference.parse("127.0.0.1:" + proxy.port() + "/acme/two:v1");
            client().push(other, made.top, made.layout, List.of("acme/one"), TagPolicy.KEEP);
            assertTrue(proxy.heads().stream().noneMatch(head -> head.startsWith("PUT /v2/acme/two/blobs/")));
        }
        assertEquals(made.top.digest(), client().digest(reference("acme/two:v1")));
    }

    @Test
    void wrongContentLeavesNothingBehind() throws Exception {
        Made made = image("wrong", 1_000);
        client().push(reference("acme/wrong:v1"), made.top, made.layout, List.of(), TagPolicy.KEEP);
        Sha256 digest = Sha256.of(made.layer);
        Path stored = registry.storage()
                .resolve("docker/registry/v2/blobs/sha256/%s/%s/data"
                        .formatted(digest.hex().substring(0, 2), digest.hex()));
        byte[] changed = made.layer.clone();
        changed[700] ^= 1;
        Files.write(stored, changed);
        Path blobs = Files.createDirectories(directory.resolve("blobs"));
        Descriptor layer = new Descriptor(MediaType.OCI_LAYER, digest, made.layer.length);
        BuildException e = assertThrows(
                BuildException.class,
                () -> client().pullBlob(reference("acme/wrong:v1"), layer, blobs.resolve("layer")));
        assertEquals(Problem.Kind.BAD_ARTIFACT, e.problems().getFirst().kind());
        assertTrue(
                e.problems()
                        .getFirst()
                        .why()
                        .contains("the content of %s has the digest %s".formatted(digest, Sha256.of(changed))),
                e.problems().getFirst().why());
        Descriptor shorter = new Descriptor(MediaType.OCI_LAYER, digest, made.layer.length - 1);
        assertEquals(
                Problem.Kind.BAD_ARTIFACT,
                assertThrows(
                                BuildException.class,
                                () -> client().pullBlob(reference("acme/wrong:v1"), shorter, blobs.resolve("layer")))
                        .problems()
                        .getFirst()
                        .kind());
        try (Stream<Path> left = Files.list(blobs)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static LocalRegistry withLogin(Path directory) throws Exception {
        return LocalRegistry.start(directory, LocalRegistry.Door.login(directory));
    }

    @Test
    void aLoginFromDockersConfigurationIsUsed() throws Exception {
        Made made = image("login", 1000);
        try (LocalRegistry closed = withLogin(Files.createDirectories(directory.resolve("closed")))) {
            ImageReference name = ImageReference.parse(closed.host() + "/acme/closed:v1");
            BuildException e = assertThrows(BuildException.class, () -> client().resolve(name, AMD64));
            assertEquals(
                    "UNAUTHORIZED: authentication required",
                    e.problems().getFirst().why());
            assertEquals(
                    "run: docker login " + closed.host(),
                    String.valueOf(e.problems().getFirst().remedy()));
            Path config = Files.writeString(
                    directory.resolve("config.json"),
                    "{\"auths\":{\"%s\":{\"auth\":\"dGVzdGVyOnNlY3JldA==\"}}}".formatted(closed.host()));
            CredentialSource docker = new DockerCredentials(config, Map.of(), Duration.ofSeconds(5));
            RegistryClient known = client(RegistrySettings.none(), docker);
            known.push(name, made.top, made.layout, List.of(), TagPolicy.KEEP);
            assertEquals(made.top.digest(), known.resolve(name, AMD64).top().digest());
        }
    }

    @Test
    void aPrivateAuthorityIsTrustedWhenItIsNamed() throws Exception {
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("certificate.pem");
        RequiredTool.named("openssl", "openssl")
                .run(
                        directory,
                        Files.createFile(directory.resolve("none")),
                        "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=local -addext subjectAltName=IP:127.0.0.1 -keyout %s -out %s"
                                .formatted(key, certificate)
                                .split(" "));
        try (LocalRegistry tls = LocalRegistry.start(
                        Files.createDirectories(directory.resolve("tls")), LocalRegistry.Door.tls(certificate, key));
                HttpTransport trusting =
                        new HttpTransport(TransportSettings.usual().with(TlsSettings.trusting(certificate)))) {
            String json = "{\"private.lan\":[{\"url\":\"https://127.0.0.1:%d\"}]}".formatted(tls.port());
            RegistrySettings settings = RegistrySettings.parse(json.getBytes(StandardCharsets.UTF_8));
            ImageReference name = ImageReference.parse("private.lan/acme/tls:v1");
            BuildException e = assertThrows(
                    BuildException.class,
                    () -> client(settings, host -> Credentials.anonymous()).digest(name));
            assertEquals(Problem.Kind.ENVIRONMENT, e.problems().getFirst().kind());
            assertTrue(
                    e.problems()
                            .getFirst()
                            .why()
                            .startsWith("the certificate of 127.0.0.1:%d is not trusted: ".formatted(tls.port())),
                    e.problems().getFirst().why());
            RegistryClient client = new RegistryClient(
                    trusting,
                    new Retries(RetryPolicy.usual(), waits::add, () -> 0),
                    settings,
                    host -> Credentials.anonymous());
            Made made = image("tlsimage", 1000);
            client.push(name, made.top, made.layout, List.of(), TagPolicy.KEEP);
            assertEquals(made.top.digest(), client.digest(name));
            for (String trust : List.of("\"ca\":\"" + certificate + "\"", "\"insecure\":true")) {
                RegistrySettings own =
                        RegistrySettings.parse("{\"private.lan\":[{\"url\":\"https://127.0.0.1:%d\",%s}]}"
                                .formatted(tls.port(), trust)
                                .getBytes(StandardCharsets.UTF_8));
                assertEquals(
                        made.top.digest(),
                        client(own, host -> Credentials.anonymous()).digest(name),
                        trust);
            }
        }
    }
}
