package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.Apt;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.tree.DiskTree;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The stand-in world in one folder. Everything can be called again: what runs keeps running, what is there is kept.
 * <pre>
 *   apt/         packages, and the private configuration that fetched them
 *   work/        unpacked packages and the base; rebuilt whenever images are made
 *   registry/    config.yml, blobs/, filled.json, registry.pid, registry.log
 *   proxmox/     the endpoint's own files, port, proxmox.pid, proxmox.log
 *   env          shell lines for a build
 *   lock         held while up or down runs
 * </pre>
 */
public final class Lab {
    /** Raised whenever the same packages give other images. */
    private static final int REVISION = 2;

    private static final int MAX_FILLED = 1 << 20;

    private final Path folder;
    private final Path etc;
    private final LabRegistry registry;
    private final DetachedProcess proxmox;
    private final long fillerBytes;
    private final @Nullable RealTalos real;

    /**
     * The lab in a folder.
     *
     * @param etc is {@code /etc}
     */
    public Lab(Path folder, Path etc) {
        this(folder, etc, 0, null);
    }

    /**
     * The same with another base.
     *
     * @param fillerBytes added to the stand-in's initramfs, which then has about the size of Talos' own
     * @param real Talos itself instead of the stand-in; or null
     */
    public Lab(Path folder, Path etc, long fillerBytes, @Nullable RealTalos real) {
        this.fillerBytes = fillerBytes;
        this.real = real;
        this.folder = folder.toAbsolutePath().normalize();
        this.etc = etc;
        this.registry = new LabRegistry(this.folder.resolve("registry"));
        this.proxmox = new DetachedProcess("proxmox", this.folder.resolve("proxmox"));
    }

    /** Fetches packages, starts both servers, fills the registry for a Talos version and writes the environment. */
    public LabStatus up(String talosVersion, LabPublisher publisher, LabServer server) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel _ = locked()) {
            DebPackages packages = packages();
            URI address = registry.up();
            fillRegistry(talosVersion, packages, address, publisher);
            int port = startProxmox(server);
            writeEnvironment(address, server.environment(proxmox.folder(), port));
            return status();
        }
    }

    /** Stops both servers; false if neither was running. Images and packages are kept. */
    public boolean down() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (FileChannel _ = locked()) {
            boolean proxmoxRan = proxmox.stop();
            return registry.down() || proxmoxRan;
        }
    }

    public LabStatus status() throws IOException {
        List<String> filled = new ArrayList<>();
        Json.JsonObject images = filled().object("images");
        if (images != null) {
            filled.addAll(images.members().keySet());
        }
        return new LabStatus(registry.isRunning(), proxmox.running().isPresent(), filled, folder.resolve("env"));
    }

    /** The Debian packages of all stand-ins; fetched if missing. */
    public DebPackages packages() throws IOException {
        return apt().fetch(StandIns.requests());
    }

    /** For an extension made from other packages: their dependencies come from the same place. */
    public Apt apt() {
        return new Apt(folder.resolve("apt"), etc);
    }

    /** Does nothing if the same images were pushed before. */
    private void fillRegistry(String talosVersion, DebPackages packages, URI address, LabPublisher publisher)
            throws IOException {
        String base = real == null ? Long.toString(fillerBytes) : real.identity();
        String identity = identity("%s %s".formatted(talosVersion, base), packages);
        if (identity.equals(filled().text("identity"))) {
            return;
        }
        Path work = folder.resolve("work");
        DiskTree.delete(work);
        Files.createDirectories(work);
        StandIns standIns = new StandIns(packages, work);
        SequencedMap<String, String> digests = new LinkedHashMap<>();
        List<StandInImage> bases =
                real == null ? standIns.bases(talosVersion, fillerBytes) : standIns.bases(talosVersion, real);
        for (StandInImage image : bases) {
            digests.put(image.reference(), publisher.publish(address, image).toString());
        }
        SequencedMap<String, Sha256> extensions = new LinkedHashMap<>();
        for (StandInImage image : standIns.extensions()) {
            extensions.put(image.reference(), publisher.publish(address, image));
        }
        extensions.forEach((reference, digest) -> digests.put(reference, digest.toString()));
        StandInImage catalog = StandIns.catalog(talosVersion, extensions);
        digests.put(catalog.reference(), publisher.publish(address, catalog).toString());
        Json.JsonObject done = Json.object()
                .put("identity", identity)
                .put("images", Json.ofMap(digests))
                .build();
        replace(filledFile(), done.compact() + "\n");
        DiskTree.delete(work);
    }

    private static String identity(String talosVersion, DebPackages packages) throws IOException {
        StringBuilder text = new StringBuilder("lab %d %s%n".formatted(REVISION, talosVersion));
        packages.byRequest()
                .forEach((request, files) -> files.forEach(file -> text.append(request)
                        .append(' ')
                        .append(file.sha256().hex())
                        .append('\n')));
        List<String> resources = new ArrayList<>(List.of("init", "machined"));
        resources.addAll(StandInBase.SCRIPTS);
        for (String resource : resources) {
            text.append(Sha256.of(StandInBase.resource(resource))).append('\n');
        }
        return Sha256.of(text.toString().getBytes(UTF_8)).hex();
    }

    private int startProxmox(LabServer server) throws IOException {
        Files.createDirectories(proxmox.folder());
        Path noted = proxmox.folder().resolve("port");
        int port = Files.exists(noted)
                ? Integer.parseInt(Files.readString(noted, UTF_8).strip())
                : 0;
        Path build = proxmox.folder().resolve("build");
        if (!Files.exists(build) || !Files.readString(build, UTF_8).equals(server.identity())) {
            proxmox.stop();
            replace(build, server.identity());
        }
        if (proxmox.running().isEmpty()) {
            if (port == 0 || DetachedProcess.answers(port)) {
                port = LabRegistry.freePort();
                replace(noted, port + "\n");
            }
            proxmox.start("util-linux", server.command(proxmox.folder(), port));
        }
        proxmox.await(port);
        return port;
    }

    private void writeEnvironment(URI address, SequencedMap<String, String> proxmoxVariables) throws IOException {
        SequencedMap<String, String> variables = new LinkedHashMap<>();
        Json mirror =
                Json.object().put("url", address.toString()).put("push", true).build();
        variables.put(
                "TALOS_FORGE_REGISTRIES",
                Json.object()
                        .put("ghcr.io", new Json.JsonArray(List.of(mirror)))
                        .build()
                        .compact());
        variables.putAll(proxmoxVariables);
        StringBuilder text = new StringBuilder("# Makes a build use the lab: . env\n");
        variables.forEach((name, value) -> text.append("export ")
                .append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n"));
        replace(folder.resolve("env"), text.toString());
    }

    private Path filledFile() {
        return folder.resolve("registry/filled.json");
    }

    private Json.JsonObject filled() throws IOException {
        if (!Files.exists(filledFile())) {
            return Json.object().build();
        }
        return JsonReader.readObject(
                filledFile().toString(), ByteSource.of(filledFile()).readAll("filled.json", MAX_FILLED));
    }

    private FileChannel locked() throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this program: the same as by another program.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, "cannot change the lab")
                    .because("another run holds " + folder.resolve("lock"))
                    .trying("wait for it to end"));
        }
        return channel;
    }

    private static void replace(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, text, UTF_8);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
