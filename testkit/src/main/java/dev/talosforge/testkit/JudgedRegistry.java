package dev.talosforge.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A registry of this year that is spoken to by everybody: by us, and by the real clients ({@link RegistryTools}), each
 * set up as a user sets it up.
 *
 * @param home with the login in Docker's file, where there is one
 * @param authority the own one of the server's certificate, or null for plain HTTP
 */
public record JudgedRegistry(
        LocalRegistry server,
        Path home,
        @Nullable Path authority,
        @Nullable TokenServer tokens) implements AutoCloseable {
    /** {@code tester:secret}, and {@code reader:secret}, as they stand in Docker's file. */
    public static final String TESTER = "dGVzdGVyOnNlY3JldA==";

    public static final String READER = "cmVhZGVyOnNlY3JldA==";

    /** How it is reached. */
    public enum Kind {
        PLAIN,
        TLS,
        LOGIN,
        TOKENS,
        /** Another program, which has the referrers API. */
        REFERRERS
    }

    public static JudgedRegistry start(Kind kind, Path folder) throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path files = Files.createDirectories(folder.resolve("registry"));
        return switch (kind) {
            case PLAIN -> new JudgedRegistry(distribution(files, LocalRegistry.Door.open()), home, null, null);
            case TLS -> {
                Path authority = authority(folder);
                yield new JudgedRegistry(
                        distribution(
                                files,
                                LocalRegistry.Door.tls(folder.resolve("server.pem"), folder.resolve("server.key"))),
                        home,
                        authority,
                        null);
            }
            case LOGIN ->
                new JudgedRegistry(distribution(files, LocalRegistry.Door.login(files)), home, null, null).as(TESTER);
            case TOKENS -> {
                TokenServer tokens = TokenServer.start(files);
                yield new JudgedRegistry(distribution(files, LocalRegistry.Door.tokens(tokens)), home, null, tokens)
                        .as(TESTER);
            }
            case REFERRERS ->
                new JudgedRegistry(
                        LocalRegistry.listening(
                                files, Judge.only("olareg").program().toString(), files.toString()),
                        home,
                        null,
                        null);
        };
    }

    private static LocalRegistry distribution(Path files, LocalRegistry.Door door) throws Exception {
        return LocalRegistry.start(Judge.only("registry").program(), files, door);
    }

    /** An authority, and a certificate of it for the server. */
    private static Path authority(Path folder) throws Exception {
        RequiredTool openssl = RequiredTool.named("openssl", "openssl");
        Path none = Path.of("/dev/null");
        openssl.run(
                folder,
                none,
                "req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=authority -keyout authority.key -out authority.pem"
                        .split(" "));
        openssl.run(
                folder,
                none,
                ("req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=server -CA authority.pem -CAkey authority.key "
                                + "-addext basicConstraints=critical,CA:false -addext subjectAltName=IP:127.0.0.1 "
                                + "-keyout server.key -out server.pem")
                        .split(" "));
        return folder.resolve("authority.pem");
    }

    /** From now on everybody is logged in so. */
    public JudgedRegistry as(String login) throws IOException {
        return as(host(), login);
    }

    /** Logged in at a proxy before it, too. */
    public JudgedRegistry as(String host, String login) throws IOException {
        Path docker = Files.createDirectories(home.resolve("docker"));
        Files.writeString(
                docker.resolve("config.json"), "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(host, login));
        return this;
    }

    /** Host and port, as in a reference; the name is that of the token server, as oras wants it. */
    public String host() {
        return tokens == null ? server.host() : "localhost:" + server.port();
    }

    /** What all clients find in their environment; ours has its own way to an authority. */
    public SortedMap<String, String> environment() {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", home.toString());
        environment.put("DOCKER_CONFIG", home.resolve("docker").toString());
        if (authority != null) {
            environment.put("SSL_CERT_FILE", authority.toString());
        }
        return environment;
    }

    /** Its entry in the registry settings of ours; plain HTTP on loopback needs none. */
    public String settings() {
        return authority == null
                ? ""
                : "\"%1$s\":[{\"url\":\"https://%1$s\",\"ca\":\"%2$s\"}]".formatted(host(), authority);
    }

    @Override
    public void close() {
        server.close();
        if (tokens != null) {
            tokens.close();
        }
    }
}
