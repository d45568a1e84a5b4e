package dev.talosforge.cli;

import dev.talosforge.lab.LabServer;
import dev.talosforge.lab.pve.PveWorld;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** This program, started again as the lab's Proxmox endpoint. */
final class LabServerCommand implements LabServer {
    /** Not a secret: the endpoint listens on loopback and holds nothing but the lab's files. */
    private static final String TOKEN_SECRET = "5d3b1f0a-0000-4000-8000-6c6162000001";

    static final String STORAGE = "resources";

    private static final String USER = "iso@pve";
    private static final Set<String> RIGHTS = Set.of("Datastore.AllocateTemplate", "Datastore.Audit");

    /** The cluster of the example tree. */
    static final PveWorld WORLD = new PveWorld(
            List.of(
                    new PveWorld.Node("pve01", true),
                    new PveWorld.Node("pve02", true),
                    new PveWorld.Node("pve03", true)),
            List.of(PveWorld.Storage.forIsos(STORAGE, "cephfs", true, 64L << 30)),
            List.of(new PveWorld.User(USER, null, true)),
            List.of(new PveWorld.Token(USER, "lab", TOKEN_SECRET, true, false)),
            List.of(
                    new PveWorld.Acl("/storage/" + STORAGE, USER, RIGHTS),
                    new PveWorld.Acl("/storage/" + STORAGE, USER + "!lab", RIGHTS)));

    private final Map<String, String> environment;

    LabServerCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public String identity() throws IOException {
        StringBuilder identity = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            Path file = Path.of(entry);
            identity.append(file);
            if (Files.exists(file)) {
                identity.append(' ').append(Files.getLastModifiedTime(file).toMillis());
            }
            identity.append('\n');
        }
        return identity.toString();
    }

    @Override
    public List<String> command(Path folder, int port) {
        Optional<String> java = ProcessHandle.current().info().command();
        String home = environment.getOrDefault("JAVA_HOME", System.getProperty("java.home"));
        return List.of(
                java.orElse(home + "/bin/java"),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.talosforge.cli.Main",
                "lab",
                "serve",
                "--dir",
                folder.toString(),
                "--port",
                Integer.toString(port));
    }

    @Override
    public SequencedMap<String, String> environment(Path folder, int port) {
        return access(
                URI.create("https://localhost:%d/".formatted(port)),
                folder.resolve("certificates").resolve("pve-root-ca.pem"));
    }

    static SequencedMap<String, String> access(URI endpoint, Path authority) {
        SequencedMap<String, String> variables = new LinkedHashMap<>();
        variables.put("PROXMOX_VE_ENDPOINT", endpoint.toString());
        variables.put("PROXMOX_VE_API_TOKEN", USER + "!lab=" + TOKEN_SECRET);
        variables.put("PROXMOX_VE_CA_FILE", authority.toString());
        return variables;
    }
}
