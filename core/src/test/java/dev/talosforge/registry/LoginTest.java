package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.talosforge.testkit.FaultProxy;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.testkit.TokenServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's docker-registry with a token server of ours, whose tokens are taken back on the way. */
@Tag("registry")
class LoginTest {
    private static final byte[] LAYER = new byte[20_000];

    @TempDir
    private Path directory;

    private TokenServer tokens;
    private HttpTransport transport;

    @BeforeEach
    void start() throws Exception {
        tokens = TokenServer.start(directory);
        transport = new HttpTransport(TransportSettings.usual());
    }

    @AfterEach
    void stop() {
        tokens.close();
        transport.close();
    }

    private LocalRegistry registry() throws Exception {
        return LocalRegistry.start(directory, LocalRegistry.Door.tokens(tokens));
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
        try (LocalRegistry registry = registry();
                FaultProxy proxy = FaultProxy.to(registry.port())) {
            FaultProxy.Fault expired = FaultProxy.status(
                    401,
                    "WWW-Authenticate: Bearer realm=\"%s\",service=\"local\",error=\"invalid_token\"\r\n"
                            .formatted(tokens.realm()));
            String base = " /v2/acme/app/";
            for (String start :
                    List.of("PUT" + base + "blobs/uploads/", "PUT" + base + "manifests/v1", "GET" + base + "blobs/")) {
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
                    tokens.asked().getFirst());
            assertTrue(tokens.asked().size() >= 6, tokens.asked().toString());
        }
    }

    @Test
    void anIdentityTokenIsExchanged() throws Exception {
        try (LocalRegistry registry = registry()) {
            Path config = Files.writeString(
                    directory.resolve("config.json"),
                    "{\"auths\":{\"https://%s/v2/\":{\"auth\":\"eDo=\",\"identitytoken\":\"identity\"}}}"
                            .formatted(registry.host()));
            RegistryClient client = client(new DockerCredentials(config, Map.of(), Duration.ofSeconds(5)));
            ImageReference name = ImageReference.parse(registry.host() + "/acme/app:v1");
            client.push(name, top(), FROM, List.of(), TagPolicy.KEEP);
            assertEquals(
                    "POST null grant_type=refresh_token&client_id=talos-forge&service=local&scope=repository%3Aacme%2Fapp%3Apull%2Cpush&refresh_token=identity",
                    tokens.asked().getFirst());
            assertEquals(top().digest(), client.digest(name));
        }
    }

    @Test
    void noOneIsRefusedByTheTokenServer() throws Exception {
        try (LocalRegistry registry = registry()) {
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
                new DockerCredentials(config, Map.of("PATH", directory + ":/usr/bin:/bin"), Duration.ofMinutes(5));
        assertEquals(new Credentials.Login("hub", "h"), source.of("docker.io"));
        assertEquals(new Credentials.RefreshToken("t"), source.of("token.lan"));
        assertEquals(new Credentials.Login("u", "p:w"), source.of("plain.lan"));
        assertEquals(Credentials.anonymous(), source.of("quay.io"));
        assertEquals("it exited with code 3", refused(source, "broken.lan"));
        assertEquals("it is not installed: not found in PATH", refused(source, "missing.lan"));
    }

    private static String refused(CredentialSource source, String host) {
        return assertThrows(BuildException.class, () -> source.of(host))
                .problems()
                .getFirst()
                .why();
    }
}
