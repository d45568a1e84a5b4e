package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian's {@code docker-registry} on a port of the loopback interface, with its blobs in the lab's folder. The port is
 * chosen once and kept, so that references and settings survive restarts.
 */
public final class LabRegistry {
    private static final Pattern ADDRESS = Pattern.compile("addr: 127\\.0\\.0\\.1:(\\d{1,5})");

    private static final int PORT_ATTEMPTS = 50;
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;

    private final Path folder;
    private final DetachedProcess process;

    /** The registry in this folder, running or not. */
    public LabRegistry(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        this.process = new DetachedProcess("registry", this.folder);
    }

    /** Starts it unless it is running, and returns once it answers. */
    public URI up() throws IOException {
        Files.createDirectories(folder.resolve("blobs"));
        if (process.running().isEmpty()) {
            int port = port();
            if (port == 0 || DetachedProcess.answers(port)) {
                port = freePort();
                configure(port);
            }
            process.start(
                    "docker-registry",
                    List.of(
                            "docker-registry",
                            "serve",
                            folder.resolve("config.yml").toString()));
        }
        process.await(port());
        return uri();
    }

    /** Stops it; false if it was not running. What was pushed is kept. */
    public boolean down() throws IOException {
        return process.stop();
    }

    public boolean isRunning() throws IOException {
        return process.running().isPresent() && DetachedProcess.answers(port());
    }

    /** Its address, running or not. */
    public URI uri() throws IOException {
        return URI.create("http://127.0.0.1:" + port());
    }

    /**
     * A port that is free at the moment. Below those that the kernel gives to outgoing connections, of which there are
     * many while the registry is filled: one of them would take it before the server does.
     */
    static int freePort() throws IOException {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // in use
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private int port() throws IOException {
        Path config = folder.resolve("config.yml");
        Matcher address = ADDRESS.matcher(Files.exists(config) ? Files.readString(config, UTF_8) : "");
        return address.find() ? Integer.parseInt(address.group(1)) : 0;
    }

    private void configure(int port) throws IOException {
        Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                log:
                  level: warn
                  accesslog:
                    disabled: true
                storage:
                  filesystem:
                    rootdirectory: %s
                  delete:
                    enabled: true
                http:
                  addr: 127.0.0.1:%d
                """.formatted(folder.resolve("blobs"), port));
    }
}
