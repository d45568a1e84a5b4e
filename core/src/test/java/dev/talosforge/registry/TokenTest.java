package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry and a token server of our own, whose tokens run out after two requests. */
@Tag("registry")
class TokenTest {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, byte[]> documents = new TreeMap<>();
    private final byte[] layer = "layer".getBytes(UTF_8);
    private HttpServer server;
    private int tokens;
    private int uses;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        Descriptor config = Descriptor.of(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8));
        Descriptor blob = Descriptor.of(MediaType.OCI_LAYER, layer);
        documents.put(
                "/v2/acme/app/manifests/v1", Manifest.of(config, List.of(blob)).toBytes());
        documents.put("/v2/acme/app/blobs/" + config.digest(), "{}".getBytes(UTF_8));
        documents.put("/v2/acme/app/blobs/" + blob.digest(), layer);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newSingleThreadExecutor());
        server.createContext("/token", this::token);
        server.createContext("/v2/", this::registry);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void token(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getQuery());
        // tester:secret
        boolean known =
                "Basic dGVzdGVyOnNlY3JldA==".equals(exchange.getRequestHeaders().getFirst("Authorization"));
        tokens++;
        uses = 0;
        answer(
                exchange,
                known ? 200 : 401,
                known
                        ? "{\"token\":\"t%d\",\"expires_in\":60}"
                                .formatted(tokens)
                                .getBytes(UTF_8)
                        : "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"wrong password\"}]}".getBytes(UTF_8));
    }

    private void registry(HttpExchange exchange) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (!("Bearer t" + tokens).equals(given) || ++uses > 2) {
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://127.0.0.1:%d/token\",service=\"local\",scope=\"repository:acme/app:pull\""
                                    .formatted(server.getAddress().getPort()));
            answer(exchange, 401, new byte[0]);
            return;
        }
        byte[] document = documents.get(exchange.getRequestURI().getPath());
        answer(exchange, document == null ? 404 : 200, document == null ? new byte[0] : document);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private ImageReference reference() {
        return ImageReference.parse(
                "127.0.0.1:%d/acme/app:v1".formatted(server.getAddress().getPort()));
    }

    @Test
    void aTokenIsKeptAndRenewedWhenItRanOut() throws Exception {
        try (HttpTransport transport = new HttpTransport(TransportSettings.usual())) {
            RegistryClient client = new RegistryClient(
                    transport,
                    new Retries(RetryPolicy.usual(), length -> {}, () -> 0),
                    RegistrySettings.none(),
                    host -> new Credentials.Login("tester", "secret"));
            Resolved resolved = client.resolve(reference(), Platform.linux("amd64"));
            Descriptor config = resolved.manifest().config();
            Descriptor blob = resolved.manifest().layers().getFirst();
            client.pullBlob(reference(), config, directory.resolve("config"));
            client.pullBlob(reference(), blob, directory.resolve("layer"));
            assertEquals("layer", Files.readString(directory.resolve("layer")));
            String query = "service=local&scope=repository:acme/app:pull";
            assertEquals(List.of(query, query), asked);
        }
    }

    @Test
    void theTokenServersRefusalIsReported() throws Exception {
        try (HttpTransport transport = new HttpTransport(TransportSettings.usual())) {
            RegistryClient client = new RegistryClient(
                    transport,
                    new Retries(RetryPolicy.usual(), length -> {}, () -> 0),
                    RegistrySettings.none(),
                    host -> Credentials.anonymous());
            BuildException e =
                    assertThrows(BuildException.class, () -> client.resolve(reference(), Platform.linux("amd64")));
            assertEquals("UNAUTHORIZED: wrong password", e.problems().getFirst().why());
        }
    }

    @Test
    void aHelperIsAskedAndGithubsTokenIsUsed() throws Exception {
        Path helper = Files.writeString(
                directory.resolve("docker-credential-ours"),
                "#!/bin/sh\nread host\n[ \"$1 $host\" = 'get private.lan' ] && echo '{\"Username\":\"u\",\"Secret\":\"s\"}'\n");
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
        Path config = Files.writeString(
                directory.resolve("config.json"), "{\"credHelpers\":{\"private.lan\":\"ours\"},\"auths\":{}}");
        CredentialSource source = new DockerCredentials(
                config,
                Map.of("PATH", directory.toString(), "GITHUB_TOKEN", "gh", "GITHUB_ACTOR", "me"),
                Duration.ofMinutes(5));
        assertEquals(new Credentials.Login("u", "s"), source.of("private.lan"));
        assertEquals(new Credentials.Login("me", "gh"), source.of("ghcr.io"));
        assertEquals(Credentials.anonymous(), source.of("quay.io"));
        assertTrue(!source.of("ghcr.io").toString().contains("gh]"));
    }

    @Test
    void challengesAreParsed() {
        Challenge challenge = Challenge.parse(
                "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"a:b:pull,push\"");
        assertEquals(
                "Challenge[scheme=bearer, parameters={realm=https://auth.docker.io/token, scope=a:b:pull,push, service=registry.docker.io}]",
                String.valueOf(challenge));
        assertNull(Challenge.parse("\"nonsense"));
    }
}
