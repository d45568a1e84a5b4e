package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.ByteSource;
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
import dev.talosforge.support.FaultProxy;
import dev.talosforge.support.LocalRegistry;
import dev.talosforge.support.RequiredTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's docker-registry with a token server of ours, whose tokens are taken back on the way. */
@Timeout(60)
class LoginTest {
    private static final byte[] LAYER = new byte[20_000];

    @TempDir
    private Path directory;

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer tokens;
    private HttpTransport transport;
    private PrivateKey key;
    private String certificate;

    @BeforeEach
    void start() throws Exception {
        RequiredTool.named("openssl", "openssl")
                .run(
                        directory,
                        Path.of("/dev/null"),
                        "req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=tests -keyout key.pem -out tokens.pem"
                                .split(" "));
        key = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem("key.pem"))));
        certificate = pem("tokens.pem");
        transport = new HttpTransport(TransportSettings.usual());
        tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tokens.createContext("/token", this::token);
        tokens.start();
    }

    @AfterEach
    void stop() {
        tokens.stop(0);
        transport.close();
    }

    private String pem(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name)).stream()
                .filter(line -> !line.startsWith("-----"))
                .collect(Collectors.joining());
    }

    /** {@code repository:NAME:ACTIONS} by Basic, or by the refresh token {@code identity}. */
    private void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        String query = form.isEmpty() ? String.valueOf(exchange.getRequestURI().getRawQuery()) : form;
        asked.add(exchange.getRequestMethod() + " " + given + " " + query);
        boolean known = "Basic dGVzdGVyOnNlY3JldA==".equals(given) || form.contains("refresh_token=identity");
        byte[] answer = "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you\"}]}".getBytes(UTF_8);
        if (known) {
            String[] scope = java.net.URLDecoder.decode(query.replaceFirst(".*scope=([^&]*).*", "$1"), UTF_8)
                    .split(":", -1);
            String actions = Arrays.stream(scope[2].split(",", -1))
                    .map(action -> "\"" + action + "\"")
                    .collect(Collectors.joining(","));
            answer = "{\"access_token\":\"%s\"}"
                    .formatted(signed(
                            "{\"iss\":\"tests\",\"sub\":\"tester\",\"aud\":\"local\",\"exp\":4102444800,\"nbf\":0,\"iat\":0,\"jti\":\"1\",\"access\":[{\"type\":\"repository\",\"name\":\"%s\",\"actions\":[%s]}]}"
                                    .formatted(scope[1], actions)))
                    .getBytes(UTF_8);
        }
        exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private String signed(String claims) {
        try {
            String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"%s\"]}".formatted(certificate);
            Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
            String content =
                    url.encodeToString(header.getBytes(UTF_8)) + "." + url.encodeToString(claims.getBytes(UTF_8));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content.getBytes(UTF_8));
            return content + "." + url.encodeToString(signature.sign());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String realm() {
        return "http://127.0.0.1:%d/token".formatted(tokens.getAddress().getPort());
    }

    private RegistryClient client(CredentialSource credentials) {
        return new RegistryClient(
                transport, new Retries(RetryPolicy.usual(), _ -> {}, () -> 0), RegistrySettings.none(), credentials);
    }

    private static Descriptor top() {
        return Manifest.of(
                        Descriptor.of(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8)),
                        List.of(Descriptor.of(MediaType.OCI_LAYER, LAYER)))
                .descriptor();
    }

    private static final Blobs FROM = wanted -> {
        byte[] config = "{}".getBytes(UTF_8);
        byte[] manifest = Manifest.of(
                        Descriptor.of(MediaType.OCI_CONFIG, config), List.of(Descriptor.of(MediaType.OCI_LAYER, LAYER)))
                .toBytes();
        return ByteSource.of(
                wanted.size() == config.length ? config : wanted.size() == LAYER.length ? LAYER : manifest);
    };

    @Test
    void tokensAreRenewedInTheMiddleOfEveryKindOfTransfer() throws Exception {
        try (LocalRegistry registry = LocalRegistry.withTokens(directory, realm(), directory.resolve("tokens.pem"));
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            FaultProxy.Fault expired = FaultProxy.status(
                    401,
                    "WWW-Authenticate: Bearer realm=\"%s\",service=\"local\",error=\"invalid_token\"\r\n"
                            .formatted(realm()));
            String base = " /v2/acme/app/";
            for (String start : List.of(
                    "PUT" + base + "blobs/uploads/",
                    "PUT" + base + "manifests/sha256",
                    "PUT" + base + "manifests/v1",
                    "GET" + base + "blobs/")) {
                proxy.fault(start, expired);
            }
            proxy.fault("PUT" + base + "blobs/uploads/", FaultProxy.status(413, ""));
            proxy.fault("PATCH" + base + "blobs/uploads/", expired);
            ImageReference name = ImageReference.parse("127.0.0.1:%d/acme/app:v1".formatted(proxy.port()));
            RegistryClient client = client(_ -> new Credentials.Login("tester", "secret"));
            client.push(name, top(), FROM, List.of(), TagPolicy.KEEP);
            client.pull(name, Platform.linux("amd64"), digest -> directory.resolve(digest.hex()));
            assertEquals(0, proxy.left());
            assertEquals(
                    LAYER.length,
                    Files.size(directory.resolve(
                            Descriptor.of(MediaType.OCI_LAYER, LAYER).digest().hex())));
            assertEquals(
                    "GET Basic dGVzdGVyOnNlY3JldA== service=local&scope=repository%3Aacme%2Fapp%3Apull%2Cpush",
                    asked.getFirst());
            assertTrue(asked.size() >= 6, asked.toString());
        }
    }

    @Test
    void anIdentityTokenIsExchanged() throws Exception {
        try (LocalRegistry registry = LocalRegistry.withTokens(directory, realm(), directory.resolve("tokens.pem"))) {
            Path config = Files.writeString(
                    directory.resolve("config.json"),
                    "{\"auths\":{\"https://%s/v2/\":{\"auth\":\"eDo=\",\"identitytoken\":\"identity\"}}}"
                            .formatted(registry.host()));
            RegistryClient client = client(new DockerCredentials(config, Map.of(), Duration.ofSeconds(5)));
            ImageReference name = ImageReference.parse(registry.host() + "/acme/app:v1");
            client.push(name, top(), FROM, List.of(), TagPolicy.KEEP);
            assertEquals(
                    "POST null grant_type=refresh_token&client_id=talos-forge&service=local&scope=repository%3Aacme%2Fapp%3Apull%2Cpush&refresh_token=identity",
                    asked.getFirst());
            assertEquals(top().digest(), client.digest(name));
        }
    }

    @Test
    void nobodyIsRefusedByTheTokenServer() throws Exception {
        try (LocalRegistry registry = LocalRegistry.withTokens(directory, realm(), directory.resolve("tokens.pem"))) {
            ImageReference name = ImageReference.parse(registry.host() + "/acme/app:v1");
            BuildException e = assertThrows(
                    BuildException.class,
                    () -> client(_ -> Credentials.anonymous()).push(name, top(), FROM, List.of(), TagPolicy.KEEP));
            assertEquals("UNAUTHORIZED: who are you", e.problems().getFirst().why());
        }
    }

    @Test
    void aStoreIsAskedAndDockersOwnNameForTheHub() throws Exception {
        Path helper = Files.writeString(directory.resolve("docker-credential-safe"), """
                #!/bin/sh
                read host
                case "$host" in
                https://index.docker.io/v1/) echo '{"Username":"hub","Secret":"h"}' ;;
                token.lan) echo '{"Username":"<token>","Secret":"t"}' ;;
                broken.lan) exit 3 ;;
                *) echo 'credentials not found in native keychain'; exit 1 ;;
                esac
                """);
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
        Path config = Files.writeString(
                directory.resolve("config.json"),
                "{\"credsStore\":\"safe\",\"auths\":{\"plain.lan\":{\"auth\":\"dTpwOnc=\"},\"quay.io\":{}},\"credHelpers\":{\"missing.lan\":\"none\"}}");
        CredentialSource source =
                new DockerCredentials(config, Map.of("PATH", directory + ":/usr/bin:/bin"), Duration.ofSeconds(10));
        assertEquals(new Credentials.Login("hub", "h"), source.of("docker.io"));
        assertEquals(new Credentials.RefreshToken("t"), source.of("token.lan"));
        assertEquals(new Credentials.Login("u", "p:w"), source.of("plain.lan"));
        assertEquals(Credentials.anonymous(), source.of("quay.io"));
        assertEquals(
                "docker-credential-safe exited 3",
                assertThrows(IOException.class, () -> source.of("broken.lan")).getMessage());
        assertEquals(
                "the credential helper docker-credential-none is not installed",
                assertThrows(IOException.class, () -> source.of("missing.lan")).getMessage());
    }
}
