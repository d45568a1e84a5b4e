package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
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
import dev.talosforge.problem.Where;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a registry's refusals, whole, with a server of our own that refuses as it is told. */
@Tag("registry")
class RegistryRefusalTest {
    private static final Platform AMD64 = Platform.linux("amd64");

    /** The body's bytes are its characters. */
    private record Answer(int status, String body, Map<String, String> headers) {
        static Answer error(int status, String code, String message) {
            return new Answer(
                    status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message), Map.of());
        }

        static Answer of(int status, byte[] body) {
            return new Answer(status, new String(body, ISO_8859_1), Map.of());
        }

        Answer with(String name, String value) {
            Map<String, String> more = new TreeMap<>(headers);
            more.put(name, value);
            return new Answer(status, body, more);
        }

        byte[] bytes() {
            return body.getBytes(ISO_8859_1);
        }
    }

    @TempDir
    private Path directory;

    /** By the start of "METHOD path"; the longest that fits answers. */
    private final TreeMap<String, Answer> answers = new TreeMap<>();

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private HttpServer server;
    private ExecutorService threads;
    private HttpTransport transport;
    private String host;

    @BeforeEach
    void start() throws IOException {
        transport = new HttpTransport(TransportSettings.usual());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        host = "127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        ended.countDown();
        server.stop(0);
        threads.shutdownNow();
        transport.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        exchange.getRequestBody().readAllBytes();
        seen.add(request + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        Answer answer = Answer.error(404, "NOT_FOUND", "nothing here");
        for (Map.Entry<String, Answer> entry : answers.entrySet()) {
            if (request.startsWith(entry.getKey())) {
                answer = entry.getValue();
            }
        }
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (answer.headers().containsKey("X-Stall")) {
            exchange.sendResponseHeaders(200, answer.bytes().length + 1000L);
            exchange.getResponseBody().write(answer.bytes());
            exchange.getResponseBody().flush();
            stalled.countDown();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        exchange.sendResponseHeaders(answer.status(), head || answer.bytes().length == 0 ? -1 : answer.bytes().length);
        if (!head && answer.bytes().length > 0) {
            exchange.getResponseBody().write(answer.bytes());
        }
        exchange.close();
    }

    private RegistryClient client(RegistrySettings settings, CredentialSource credentials) {
        return new RegistryClient(
                transport,
                new Retries(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1)), _ -> {}, () -> 0),
                settings,
                credentials);
    }

    private RegistryClient client() {
        return client(RegistrySettings.none(), _ -> Credentials.anonymous());
    }

    private static RegistrySettings settings(String json) {
        return RegistrySettings.parse(json.getBytes(UTF_8));
    }

    private ImageReference reference() {
        return ImageReference.parse(host + "/acme/app:v1");
    }

    private String output(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(BuildException.class, action).problems().stream()
                .map(this::text)
                .collect(Collectors.joining("\n"));
    }

    /** As a terminal shows it, with HOST for the server. */
    private String text(Problem problem) {
        StringBuilder text = new StringBuilder(problem.kind() + " " + problem.what());
        if (problem.where() instanceof Where.Remote(String method, var uri, int status)) {
            text.append("\n  where: %s %s (%d)".formatted(method, uri, status));
        }
        text.append("\n  why:   ").append(problem.why());
        if (problem.remedy() != null) {
            text.append("\n  try:   ").append(problem.remedy());
        }
        return text.toString().replace(host, "HOST");
    }

    private String resolving() {
        return output(() -> client().resolve(reference(), AMD64));
    }

    private void manifest(byte[] bytes) {
        answers.put("GET /v2/acme/app/manifests/v1", Answer.of(200, bytes));
    }

    @Test
    void deniedSaysWhichRight() {
        answers.put("GET /v2/", Answer.error(403, "DENIED", "requested access to the resource is denied"));
        assertEquals("""
                REFUSED cannot resolve HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/manifests/v1 (403)
                  why:   DENIED: requested access to the resource is denied
                  try:   ask for access to HOST/acme/app, or run: docker login HOST""", resolving());
    }

    @Test
    void deniedByGitHubNamesItsScopes() throws Exception {
        answers.put("GET /v2/", Answer.error(403, "DENIED", "denied"));
        Endpoint github = settings("{}")
                .endpoints(ImageReference.parse("ghcr.io/acme/app:v1"), false)
                .getFirst();
        var answer = transport.send(dev.talosforge.net.HttpCall.get(java.net.URI.create("http://" + host + "/v2/x")));
        BuildException e = RegistryErrors.refused(
                "cannot push ghcr.io/acme/app:v1", ImageReference.parse("ghcr.io/acme/app:v1"), github, answer, null);
        assertEquals("""
                REFUSED cannot push ghcr.io/acme/app:v1
                  where: GET http://HOST/v2/x (403)
                  why:   DENIED: denied
                  try:   give the token the scopes read:packages and write:packages, then run: docker login ghcr.io;\
                 in a workflow, set permissions: packages: write and name it in the package's settings\
                """, text(e.problems().getFirst()));
    }

    @Test
    void aRefusalWithoutABodyIsStillOne() {
        answers.put("GET /v2/", Answer.of(403, new byte[0]));
        assertEquals("""
                REFUSED cannot resolve HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/manifests/v1 (403)
                  why:   the server answered 403
                  try:   run: docker login HOST""", resolving());
        answers.put("GET /v2/", Answer.of(401, "<html>\n<b>who?</b></html>".getBytes(UTF_8)));
        assertEquals("""
                REFUSED cannot resolve HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/manifests/v1 (401)
                  why:   the server answered 401 with a web page, "who?"
                  try:   run: docker login HOST""", resolving());
    }

    /** As a captive portal or the login page of a proxy does. */
    @Test
    void aServerThatAnswersEverythingWithAPageIsNotARegistry() throws Exception {
        answers.put(
                "",
                Answer.of(200, "<html>log in</html>".getBytes(UTF_8)).with("Content-Type", "text/html; charset=utf-8"));
        String output = """
                UNAVAILABLE cannot %s HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/manifests/v1 (200)
                  why:   the server answered with a web page, which no registry does
                  try:   check the registry's address, and for a login page or a proxy in between""";
        assertEquals(output.formatted("resolve"), resolving());
        assertEquals(output.formatted("push"), pushing());
        assertEquals(output.formatted("look up"), output(() -> client().digest(reference())));
    }

    @Test
    void whatWasPushedIsReadBack() throws Exception {
        answers.put(
                "POST /v2/acme/app/blobs/uploads/", Answer.of(202, new byte[0]).with("Location", "/v2/acme/app/u"));
        answers.put("PUT /v2/", Answer.of(201, new byte[0]));
        answers.put("GET /v2/acme/app/manifests/sha256", Answer.of(200, "{}".getBytes(UTF_8)));
        assertEquals("""
                UNAVAILABLE cannot push HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/manifests/DIGEST (200)
                  why:   the server accepted the manifest but returns other bytes, DIGEST,
                  try:   check the registry's address, and for a login page or a proxy in between""", pushing().replaceAll("sha256:[0-9a-f]{64}", "DIGEST"));
        assertEquals(
                1,
                seen.stream()
                        .filter(request -> request.startsWith("PUT /v2/acme/app/manifests/"))
                        .count(),
                seen::toString);
    }

    @Test
    void wrongPasswordsAreReportedByTheTokenServer() {
        answers.put(
                "GET /v2/",
                Answer.of(401, new byte[0])
                        .with("WWW-Authenticate", "Bearer realm=\"http://%s/token\",service=\"s\"".formatted(host)));
        answers.put("GET /token", Answer.error(401, "UNAUTHORIZED", "incorrect username or password"));
        String output = output(() -> client(RegistrySettings.none(), _ -> new Credentials.Login("ada", "top-secret"))
                .resolve(reference(), AMD64));
        assertEquals("""
                REFUSED cannot resolve HOST/acme/app:v1
                  where: GET http://HOST/token?service=s&scope=repository%3Aacme%2Fapp%3Apull (401)
                  why:   UNAUTHORIZED: incorrect username or password; logged in as ada
                  try:   check that the password is still right, and log in again: docker login HOST""", output);
    }

    /** As distribution 3 answers to a token of one who may only read. */
    @Test
    void aMissingPermissionIsNotAMissingLogin() {
        answers.put(
                "GET /v2/",
                Answer.error(401, "UNAUTHORIZED", "authentication required")
                        .with(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://%s/token\",service=\"s\",error=\"insufficient_scope\""
                                        .formatted(host)));
        answers.put("GET /token", Answer.of(200, "{\"token\":\"t\"}".getBytes(UTF_8)));
        assertEquals(
                """
                REFUSED cannot resolve HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/manifests/v1 (401)
                  why:   UNAUTHORIZED: authentication required; logged in as ada, without permission for this
                  try:   ask for access to HOST/acme/app, or log in as a user who has it: docker login HOST""",
                output(() -> client(RegistrySettings.none(), _ -> new Credentials.Login("ada", "top-secret"))
                        .resolve(reference(), AMD64)));
        String token = "ghp_" + "a".repeat(36);
        String output = output(() -> client(RegistrySettings.none(), _ -> new Credentials.Login(token, "x"))
                .resolve(reference(), AMD64));
        assertTrue(output.contains("; logged in with the stored login, without permission for this"), output);
    }

    @Test
    void aPartThatIsGoneIsTheImagesFault() {
        answers.put("GET /v2/acme/app/blobs/", Answer.error(404, "BLOB_UNKNOWN", "blob unknown to registry"));
        Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Sha256.of(new byte[1]), 1);
        assertEquals(
                """
                BAD_ARTIFACT cannot pull DIGEST of HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/blobs/DIGEST (404)
                  why:   BLOB_UNKNOWN: blob unknown to registry
                  try:   a part of the image is missing there: publish it again, or use another tag""",
                output(() -> client().pullBlob(reference(), blob, directory.resolve("blob")))
                        .replaceAll("sha256:[0-9a-f]{64}", "DIGEST"));
    }

    @Test
    void aRateLimitIsNobodysFault() {
        answers.put("GET /v2/", Answer.error(429, "TOOMANYREQUESTS", "You have reached your pull rate limit."));
        assertEquals("""
                UNAVAILABLE cannot resolve HOST/acme/app:v1
                  where: GET http://HOST/v2/acme/app/manifests/v1 (429)
                  why:   TOOMANYREQUESTS: You have reached your pull rate limit.
                  try:   try again later; the limit is often higher with a login: docker login HOST""", resolving());
        assertEquals(2, seen.size());
    }

    @Test
    void aNameThatDoesNotResolve() throws IOException {
        RegistryClient client = client(
                settings("{\"ghcr.io\":[{\"url\":\"https://registry.invalid\"}]}"), _ -> Credentials.anonymous());
        assertEquals("""
                UNAVAILABLE cannot resolve ghcr.io/acme/app:v1
                  where: GET https://registry.invalid/v2/acme/app/manifests/v1 (0)
                  why:   the name registry.invalid does not resolve
                  try:   run: getent hosts registry.invalid\
                """, output(() -> client.resolve(ImageReference.parse("ghcr.io/acme/app:v1"), AMD64)));
    }

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertEquals(
                """
                UNAVAILABLE cannot resolve 127.0.0.1:PORT/a/b:v1
                  where: GET http://127.0.0.1:PORT/v2/a/b/manifests/v1 (0)
                  why:   127.0.0.1:PORT refused the connection
                  try:   check that the server is running and the port is right\
                """,
                output(() -> client().resolve(ImageReference.parse("127.0.0.1:" + port + "/a/b:v1"), AMD64))
                        .replace(String.valueOf(port), "PORT"));
    }

    @Test
    void bothServersAreReportedIfNeitherHelps() throws IOException {
        answers.put("GET /v2/one/", Answer.error(404, "MANIFEST_UNKNOWN", "manifest unknown"));
        answers.put("GET /v2/two/", Answer.error(403, "DENIED", "no"));
        RegistrySettings both = settings(
                "{\"ghcr.io\":[{\"url\":\"http://%s\",\"path\":\"one\"},{\"url\":\"http://%s\",\"path\":\"two\"}]}"
                        .formatted(host, host));
        RegistryClient client = client(both, _ -> Credentials.anonymous());
        ImageReference name = ImageReference.parse("ghcr.io/acme/app:v1");
        assertEquals("""
                INVALID_INPUT cannot resolve ghcr.io/acme/app:v1
                  where: GET http://HOST/v2/one/acme/app/manifests/v1 (404)
                  why:   MANIFEST_UNKNOWN: manifest unknown
                  try:   list the tags: tags ghcr.io/acme/app
                REFUSED cannot resolve ghcr.io/acme/app:v1
                  where: GET http://HOST/v2/two/acme/app/manifests/v1 (403)
                  why:   DENIED: no
                  try:   ask for access to HOST/two/acme/app, or run: docker login HOST\
                """, output(() -> client.resolve(name, AMD64)));
        Descriptor config = Descriptor.of(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8));
        answers.put(
                "GET /v2/two/acme/app/manifests/v1",
                Answer.of(200, Manifest.of(config, List.of()).toBytes()));
        assertEquals(
                Manifest.of(config, List.of()).descriptor().digest(),
                assertThrowsNothing(() -> client.resolve(name, AMD64)).top().digest());
    }

    private interface Asked<T> {
        T ask() throws InterruptedException;
    }

    private static <T> T assertThrowsNothing(Asked<T> asked) {
        try {
            return asked.ask();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void settingsThatCannotBeUsed() {
        assertEquals("""
                INVALID_INPUT cannot use TALOS_FORGE_REGISTRIES
                  why:   registry settings: ghcr.io has an endpoint with "ulr"; valid members: url, path, pull, push, ca, insecure""", output(() -> settings("{\"ghcr.io\":[{\"ulr\":\"http://a\"}]}")));
        assertEquals("""
                INVALID_INPUT cannot use TALOS_FORGE_REGISTRIES
                  why:   registry settings: ghcr.io has an endpoint that cannot be used: not an http or https address:\
                 ftp://x""", output(() -> settings("{\"ghcr.io\":[{\"url\":\"ftp://x\"}]}")));
        assertEquals("""
                INVALID_INPUT cannot use TALOS_FORGE_REGISTRIES
                  why:   registry settings: ghcr.io is not a list of endpoints""", output(() -> settings("{\"ghcr.io\":{}}")));
    }

    @Test
    void partsOfARegistryHaveTheirOwnServers() throws IOException {
        RegistrySettings parts = settings("""
                {"ghcr.io": [{"url": "https://mirror.lan", "path": "/ghcr/"}, {"url": "https://ghcr.io", "push": false}],
                 "ghcr.io/siderolabs": [{"url": "https://talos.lan"}],
                 "ghcr.io/siderolabs/imager": [{"url": "https://talos.lan:8443", "path": "tools/imager", "pull": false}]}""");
        assertEquals(
                List.of("https://mirror.lan/v2/ghcr/acme/app/x", "https://ghcr.io/v2/acme/app/x"),
                places(parts, "ghcr.io/acme/app:v1", false));
        assertEquals(List.of("https://mirror.lan/v2/ghcr/acme/app/x"), places(parts, "ghcr.io/acme/app:v1", true));
        assertEquals(
                List.of("https://talos.lan/v2/installer/x"), places(parts, "ghcr.io/siderolabs/installer:v1", false));
        assertEquals(
                List.of("https://talos.lan:8443/v2/tools/imager/amd64/x"),
                places(parts, "ghcr.io/siderolabs/imager/amd64", true));
        assertEquals(List.of(), places(parts, "ghcr.io/siderolabs/imager/amd64", false));
        assertEquals(List.of("https://talos.lan/v2/imager/x"), places(parts, "ghcr.io/siderolabs/imager", false));
        assertEquals(
                List.of("https://ghcr.io.lan/v2/siderolabs/a/x"), places(parts, "ghcr.io.lan/siderolabs/a", false));
        assertEquals(List.of("https://registry-1.docker.io/v2/library/busybox/x"), places(parts, "busybox", false));
    }

    private static List<String> places(RegistrySettings settings, String reference, boolean push) {
        ImageReference parsed = ImageReference.parse(reference);
        return settings.endpoints(parsed, push).stream()
                .map(endpoint -> endpoint.uri(parsed.repository(), "x").toString())
                .toList();
    }

    @Test
    void trustIsEitherNamedOrNotAskedFor() {
        assertEquals(
                """
                INVALID_INPUT cannot use TALOS_FORGE_REGISTRIES
                  why:   registry settings: a.lan has an endpoint with both "ca" and "insecure": remove one of them\
                """,
                output(() ->
                        settings("{\"a.lan\":[{\"url\":\"https://a.lan\",\"ca\":\"ca.pem\",\"insecure\":true}]}")));
        RegistryClient client = client(
                settings("{\"a.lan\":[{\"url\":\"https://a.lan\",\"ca\":\"/none/ca.pem\"}]}"),
                _ -> Credentials.anonymous());
        assertEquals("""
                ENVIRONMENT cannot look up a.lan/b:v1
                  why:   /none/ca.pem: no such file, or it is not readable\
                """, output(() -> client.digest(ImageReference.parse("a.lan/b:v1"))));
    }

    @Test
    void anArtifactIsNotAnImage() {
        Descriptor config = Descriptor.of("application/vnd.cncf.helm.config.v1+json", "{}".getBytes(UTF_8));
        manifest(Manifest.of(config, List.of()).toBytes());
        assertEquals("""
                BAD_ARTIFACT cannot resolve HOST/acme/app:v1
                  why:   OCI manifest: is not a container image but an artifact of type\
                 application/vnd.cncf.helm.config.v1+json""", resolving());
    }

    @Test
    void anotherDocumentIsNotAManifest() {
        manifest("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.acme.thing+json\"}".getBytes(UTF_8));
        assertEquals("""
                BAD_ARTIFACT cannot resolve HOST/acme/app:v1
                  why:   OCI manifest: not an image manifest: application/vnd.acme.thing+json""", resolving());
        manifest("{\"schemaVersion\":1,\"name\":\"acme/app\"}".getBytes(UTF_8));
        assertEquals("""
                BAD_ARTIFACT cannot resolve HOST/acme/app:v1
                  why:   OCI manifest: unsupported manifest: Docker's schema 1""", resolving());
    }

    @Test
    void anIndexWithoutOurPlatformNamesThoseItHas() {
        Descriptor arm =
                Descriptor.of(MediaType.OCI_MANIFEST, "{}".getBytes(UTF_8)).withPlatform(Platform.linux("arm64"));
        manifest(Index.of(List.of(arm)).toBytes());
        assertEquals("""
                BAD_ARTIFACT cannot resolve HOST/acme/app:v1
                  why:   OCI index: has no image for linux/amd64, only for linux/arm64""", resolving());
    }

    @Test
    void aLayerThatIsShortOrWrong() {
        byte[] layer = "layer".getBytes(UTF_8);
        Descriptor blob = Descriptor.of(MediaType.OCI_LAYER, layer);
        String path = "GET /v2/acme/app/blobs/" + blob.digest();
        answers.put(path, Answer.of(200, "laye".getBytes(UTF_8)));
        Path target = directory.resolve("blobs/layer");
        String digest = blob.digest().toString();
        assertEquals(
                """
                BAD_ARTIFACT cannot pull DIGEST of HOST/acme/app:v1
                  why:   blob: DIGEST has 4 bytes; its descriptor says 5""", output(() -> client().pullBlob(reference(), blob, target)).replace(digest, "DIGEST"));
        answers.put(path, Answer.of(200, "lager".getBytes(UTF_8)));
        assertEquals(
                """
                BAD_ARTIFACT cannot pull DIGEST of HOST/acme/app:v1
                  why:   blob: the content of DIGEST has the digest OTHER""",
                output(() -> client().pullBlob(reference(), blob, target))
                        .replace(digest, "DIGEST")
                        .replace(Sha256.of("lager".getBytes(UTF_8)).toString(), "OTHER"));
        assertFalse(Files.exists(target));
    }

    private OciLayout layout() throws IOException {
        OciLayout layout = OciLayout.create(directory.resolve("layout"));
        Descriptor layer = layout.put(MediaType.OCI_LAYER, "layer".getBytes(UTF_8));
        Descriptor config = layout.put(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8));
        layout.put(MediaType.OCI_MANIFEST, Manifest.of(config, List.of(layer)).toBytes());
        return layout;
    }

    private Descriptor top() {
        return Manifest.of(
                        Descriptor.of(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8)),
                        List.of(Descriptor.of(MediaType.OCI_LAYER, "layer".getBytes(UTF_8))))
                .descriptor();
    }

    private String pushing() throws IOException {
        OciLayout layout = layout();
        String output = output(() -> client().push(reference(), top(), layout, List.of(), TagPolicy.MOVE));
        return output.lines().limit(4).collect(Collectors.joining("\n"));
    }

    @Test
    void anUploadThatTheServerForgot() throws IOException {
        answers.put(
                "POST /v2/acme/app/blobs/uploads/", Answer.of(202, new byte[0]).with("Location", "/up/1"));
        answers.put("PUT /up/1", Answer.error(400, "BLOB_UPLOAD_INVALID", "blob upload invalid"));
        assertEquals("""
                UNAVAILABLE cannot push HOST/acme/app:v1
                  where: PUT http://HOST/up/1?digest=DIGEST (400)
                  why:   BLOB_UPLOAD_INVALID: blob upload invalid
                  try:   run the same command again""", pushing().replaceAll("digest=sha256:[0-9a-f]+", "digest=DIGEST"));
        answers.put("PUT /up/1", Answer.error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"));
        answers.put("PATCH /up/1", Answer.error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"));
        assertEquals("""
                UNAVAILABLE cannot push HOST/acme/app:v1
                  where: PATCH http://HOST/up/1 (404)
                  why:   BLOB_UPLOAD_UNKNOWN: blob upload unknown to registry
                  try:   run the same command again""", pushing());
        assertTrue(seen.stream().noneMatch(request -> request.startsWith("PUT /v2/acme/app/manifests")));
    }

    @Test
    void aPushThatIsNotAllowed() throws IOException {
        answers.put("POST /v2/", Answer.error(401, "UNAUTHORIZED", "authentication required"));
        assertEquals("""
                REFUSED cannot push HOST/acme/app:v1
                  where: POST http://HOST/v2/acme/app/blobs/uploads/ (401)
                  why:   UNAUTHORIZED: authentication required
                  try:   run: docker login HOST""", pushing());
    }

    @Test
    void anUploadWithoutAPlaceToGo() throws IOException {
        answers.put("POST /v2/acme/app/blobs/uploads/", Answer.of(202, new byte[0]));
        assertTrue(pushing().contains("an upload without a Location"), pushing());
    }

    @Test
    void anInterruptedPullLeavesWhatItHasForTheNextOne() throws Exception {
        byte[] half = new byte[5000];
        Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Sha256.of(new byte[6000]), 6000);
        answers.put("GET /v2/acme/app/blobs/", Answer.of(200, half).with("X-Stall", "1"));
        Path blobs = Files.createDirectories(directory.resolve("blobs"));
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread pull = Thread.ofPlatform().start(() -> {
            try {
                client().pullBlob(reference(), blob, blobs.resolve("layer"));
            } catch (InterruptedException | RuntimeException e) {
                end.set(e);
            }
        });
        assertTrue(stalled.await(20, TimeUnit.SECONDS));
        Path part = blobs.resolve(".pull-%s-6000.part".formatted(blob.digest().hex()));
        while (pull.isAlive() && (!Files.exists(part) || Files.size(part) < half.length)) {
            Thread.onSpinWait(); // what was sent has to be written, too
        }
        pull.interrupt();
        pull.join(TimeUnit.SECONDS.toMillis(20));
        assertTrue(end.get() instanceof InterruptedException, () -> "ended with " + end.get());
        try (Stream<Path> left = Files.list(blobs)) {
            assertEquals(List.of(part), left.toList());
        }
        assertEquals(half.length, Files.size(part));
    }

    @Test
    void anInterruptedPushSetsNoTag() throws Exception {
        answers.put(
                "POST /v2/acme/app/blobs/uploads/", Answer.of(202, new byte[0]).with("Location", "/up/1"));
        answers.put("PUT /up/1", Answer.of(200, new byte[10]).with("X-Stall", "1"));
        OciLayout layout = layout();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread push = Thread.ofPlatform().start(() -> {
            try {
                client().push(reference(), top(), layout, List.of(), TagPolicy.MOVE);
            } catch (InterruptedException | RuntimeException e) {
                end.set(e);
            }
        });
        assertTrue(stalled.await(20, TimeUnit.SECONDS));
        push.interrupt();
        push.join(TimeUnit.SECONDS.toMillis(20));
        assertTrue(end.get() instanceof InterruptedException, () -> "ended with " + end.get());
        assertTrue(
                seen.stream().noneMatch(request -> request.startsWith("PUT /v2/acme/app/manifests")), seen::toString);
    }

    @Test
    void aBlobOfAFileThatVanishedIsThisMachinesFault() throws IOException {
        answers.put(
                "POST /v2/acme/app/blobs/uploads/", Answer.of(202, new byte[0]).with("Location", "/up/1"));
        OciLayout layout = layout();
        Path layer = layout.blob(Sha256.of("layer".getBytes(UTF_8)));
        ByteSource content = ByteSource.of(layer);
        assertEquals(5, content.size());
        Files.delete(layer);
        BuildException e = assertThrows(
                BuildException.class, () -> client().push(reference(), top(), layout, List.of(), TagPolicy.MOVE));
        assertEquals(Problem.Kind.ENVIRONMENT, e.problems().getFirst().kind());
    }
}
