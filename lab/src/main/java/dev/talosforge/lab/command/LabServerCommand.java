package dev.talosforge.lab.command;

import dev.talosforge.lab.LabServer;
import dev.talosforge.lab.pve.PveWorld;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** This program, started again as the lab's Proxmox endpoint. */
final class LabServerCommand implements LabServer {
    /** Not a secret: the endpoint listens on loopback and contains only the lab's files. */
    private static final String TOKEN_SECRET = "5d3b1f0a-0000-4000-8000-6c6162000001";

    static final String STORAGE = "resources";

    private static final String USER = "iso@pve";
    /** The privileges of the lab's token, by path: all that the program can use. */
    private static final Map<String, Set<String>> RIGHTS = new TreeMap<>(Map.of(
            "/storage/" + STORAGE,
            Set.of("Datastore.Allocate", "Datastore.AllocateTemplate", "Datastore.Audit"),
            "/vms",
            Set.of("VM.Audit"),
            "/access",
            Set.of("Sys.Audit"),
            "/nodes",
            Set.of("Sys.AccessNetwork", "Sys.Audit")));

    private final Map<String, String> environment;
    private final Set<String> denied;

    /** @param denied privileges that the lab's token does not get */
    LabServerCommand(Map<String, String> environment, Set<String> denied) {
        this.environment = environment;
        this.denied = new TreeSet<>(denied);
    }

    /** Privileges that can be denied. */
    static Set<String> privileges() {
        Set<String> all = new TreeSet<>();
        RIGHTS.values().forEach(all::addAll);
        return all;
    }

    /** The cluster of the example tree. */
    static PveWorld world(Set<String> denied) {
        List<PveWorld.Acl> acls = new ArrayList<>();
        RIGHTS.forEach((path, rights) -> {
            Set<String> given = new TreeSet<>(rights);
            given.removeAll(denied);
            acls.add(new PveWorld.Acl(path, USER, given));
            acls.add(new PveWorld.Acl(path, USER + "!lab", given));
        });
        return new PveWorld(
                List.of(
                        new PveWorld.Node("pve01", true),
                        new PveWorld.Node("pve02", true),
                        new PveWorld.Node("pve03", true)),
                List.of(PveWorld.Storage.forIsos(STORAGE, "cephfs", true, 64L << 30)),
                List.of(new PveWorld.User(USER, null, true)),
                List.of(new PveWorld.Token(USER, "lab", TOKEN_SECRET, true, false)),
                acls);
    }

    @Override
    public String identity() throws IOException {
        StringBuilder identity = new StringBuilder("without " + denied + "\n");
        for (Path file : classPath()) {
            identity.append(file);
            if (Files.exists(file)) {
                identity.append(' ').append(Files.getLastModifiedTime(file).toMillis());
            }
            identity.append('\n');
        }
        return identity.toString();
    }

    /** The class path of this process, with the lab's jar if that was added at run time. */
    private static List<Path> classPath() {
        SequencedSet<Path> entries = new LinkedHashSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath());
        }
        try {
            entries.add(Path.of(LabServerCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return List.copyOf(entries);
    }

    @Override
    public List<String> command(Path folder, int port) {
        Optional<String> java = ProcessHandle.current().info().command();
        String home = environment.getOrDefault("JAVA_HOME", System.getProperty("java.home"));
        List<String> command = new ArrayList<>(List.of(
                java.orElse(home + "/bin/java"),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                String.join(
                        File.pathSeparator,
                        classPath().stream().map(Path::toString).toList()),
                "dev.talosforge.cli.Main",
                "lab",
                "serve",
                "--dir",
                folder.toString(),
                "--port",
                Integer.toString(port)));
        denied.forEach(privilege -> command.addAll(List.of("--deny", privilege)));
        return command;
    }

    @Override
    public SequencedMap<String, String> environment(Path folder, int port) {
        return access(URI.create("https://localhost:%d/".formatted(port)), authority(folder));
    }

    /** The certificate authority of the endpoint, in its folder. */
    static Path authority(Path folder) {
        return folder.resolve("certificates").resolve("pve-root-ca.pem");
    }

    static SequencedMap<String, String> access(URI endpoint, Path authority) {
        SequencedMap<String, String> variables = new LinkedHashMap<>();
        variables.put("PROXMOX_VE_ENDPOINT", endpoint.toString());
        variables.put("PROXMOX_VE_API_TOKEN", USER + "!lab=" + TOKEN_SECRET);
        variables.put("PROXMOX_VE_CA_FILE", authority.toString());
        return variables;
    }
}
