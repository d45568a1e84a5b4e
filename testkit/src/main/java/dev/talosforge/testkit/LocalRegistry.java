package dev.talosforge.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry, Debian's docker-registry if none is named, on a port of its own choice, with its storage in a folder of
 * the test.
 */
public final class LocalRegistry implements AutoCloseable {
    /** User {@code tester}, password {@code secret}; bcrypt, cost 5. */
    public static final String HTPASSWD = "tester:$2b$05$x2GU1mJ4rxjjYTAR96SZ/eake6sNkUSGY4WOb4NTGGXcyMQR.H7h2";

    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final int port;
    private final Path storage;

    private LocalRegistry(Process process, int port, Path storage) {
        this.process = process;
        this.port = port;
        this.storage = storage;
    }

    /**
     * Who is let in, and how.
     *
     * @param tls lines of the section {@code http}
     * @param auth a section of its own
     */
    public record Door(String tls, String auth) {
        public static Door open() {
            return new Door("", "");
        }

        /** For {@code tester} with the password {@code secret} only. */
        public static Door login(Path directory) throws IOException {
            Path file = Files.writeString(directory.resolve("htpasswd"), HTPASSWD + "\n");
            return new Door("", "auth:\n  htpasswd:\n    realm: local\n    path: " + file + "\n");
        }

        public static Door tokens(TokenServer server) {
            return new Door(
                    "",
                    "auth:\n  token:\n    realm: %s\n    service: %s\n    issuer: %s\n    rootcertbundle: %s\n"
                            .formatted(server.realm(), TokenServer.SERVICE, TokenServer.ISSUER, server.certificate()));
        }

        public static Door tls(Path certificate, Path key) {
            return new Door("  tls:\n    certificate: %s\n    key: %s\n".formatted(certificate, key), "");
        }
    }

    /** Without a login, without TLS. */
    public static LocalRegistry start(Path directory) throws Exception {
        return start(directory, Door.open());
    }

    public static LocalRegistry start(Path directory, Door door) throws Exception {
        return start(RequiredTool.named("docker-registry", "docker-registry").path(), directory, door);
    }

    /**
     * Another version of it.
     *
     * @param program takes {@code serve FILE}
     */
    public static LocalRegistry start(Path program, Path directory, Door door) throws Exception {
        Path storage = Files.createDirectories(directory.resolve("storage"));
        Path config = directory.resolve("registry.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog:\n  level: info\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: "
                        + storage
                        + "\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:0\n  secret: tests\n"
                        + door.tls
                        + door.auth);
        return listening(storage, program.toString(), "serve", config.toString());
    }

    /** Any server that says on which port of loopback it is listening. */
    public static LocalRegistry listening(Path storage, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OTEL_TRACES_EXPORTER", "none");
        Process process = builder.start();
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> follow(process, port));
        try {
            return new LocalRegistry(process, port.get(120, TimeUnit.SECONDS), storage);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Reads to the end, so that the process never waits for us. */
    private static void follow(Process process, CompletableFuture<Integer> port) {
        StringBuilder log = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    port.complete(Integer.parseInt(matcher.group(1)));
                }
                if (!port.isDone()) {
                    log.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            log.append(e);
        }
        port.completeExceptionally(new IllegalStateException("the registry ended:\n" + log));
    }

    /** Host and port, as in a reference. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Where it keeps its files. */
    public Path storage() {
        return storage;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
