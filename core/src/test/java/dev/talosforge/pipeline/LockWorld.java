package dev.talosforge.pipeline;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Events;
import dev.talosforge.engine.Steps;
import dev.talosforge.engine.Store;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.registry.DockerCredentials;
import dev.talosforge.registry.RegistryClient;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.registry.TagPolicy;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A registry that answers for {@code ghcr.io} and {@code registry.test}, with images of one file, and a tree that names
 * them.
 */
public record LockWorld(Path folder, LocalRegistry registry) implements AutoCloseable {
    /** With imager, base, two official extensions and a custom one. */
    public static LockWorld in(Path folder) throws Exception {
        LockWorld world = new LockWorld(
                folder.toRealPath(), LocalRegistry.start(Files.createDirectories(folder.resolve("registry"))));
        Files.createDirectories(world.tree().resolve("common"));
        world.image("ghcr.io/siderolabs/imager:v1.11.5", "imager");
        world.image("ghcr.io/siderolabs/installer-base:v1.11.5", "base");
        Sha256 crun = world.image("ghcr.io/siderolabs/crun:1.24", "crun");
        Sha256 agent = world.image("ghcr.io/siderolabs/qemu-guest-agent:10.0.2", "agent");
        world.catalogue(
                "ghcr.io/siderolabs/crun:1.24@" + crun,
                "",
                "ghcr.io/siderolabs/qemu-guest-agent:10.0.2@" + agent,
                "ghcr.io/siderolabs/nvidia-open-lts:1@" + crun,
                "ghcr.io/siderolabs/nvidia-open-production:2@" + crun);
        world.image("registry.test/acme/hello:v1", "hello");
        return world;
    }

    public Path tree() {
        return folder.resolve("live");
    }

    /** Talos' list of official extensions for v1.11.5. */
    public void catalogue(String... lines) throws Exception {
        push(
                "ghcr.io/siderolabs/extensions:v1.11.5",
                new TreeBuilder(ContextSample.TIME)
                        .file("image-digests", 0644, String.join("\n", lines) + "\n")
                        .file("descriptions.yaml", 0644, "{}\n")
                        .build());
    }

    /** Publishes an image that differs from others by its text; the tag moves. */
    public Sha256 image(String reference, String text) throws Exception {
        return push(
                reference,
                new TreeBuilder(ContextSample.TIME).file("text", 0644, text).build());
    }

    private Sha256 push(String reference, FileTree tree) throws Exception {
        return SingleLayerImage.push(context(), ImageReference.parse(reference), tree, List.of(), ContextSample.TIME);
    }

    /** Publishes an index of two images. */
    public Sha256 index(String reference, String text) throws Exception {
        BuildContext context = context();
        FileTree tree =
                new TreeBuilder(ContextSample.TIME).file("text", 0644, text).build();
        List<Descriptor> manifests = new ArrayList<>();
        for (String architecture : List.of("amd64", "arm64")) {
            Platform platform = Platform.linux(architecture);
            Image image = SingleLayerImage.make(context, tree, platform, null, new TreeMap<>(), ContextSample.TIME);
            manifests.add(image.descriptor().withPlatform(platform));
        }
        byte[] index = Index.of(manifests).toBytes();
        context.store().put(out -> out.write(index));
        Descriptor top = Descriptor.of(MediaType.OCI_INDEX, index);
        context.registries()
                .push(ImageReference.parse(reference), top, new ImageStore(context).blobs(), List.of(), TagPolicy.MOVE);
        return top.digest();
    }

    /** Takes an image away. */
    public void delete(String repository, Sha256 digest) throws Exception {
        URI uri = URI.create("http://%s/v2/%s/manifests/%s".formatted(registry.host(), repository, digest));
        HttpResponse<Void> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).DELETE().build(), HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != 202) {
            throw new IOException("%s: %d".formatted(uri, answer.statusCode()));
        }
    }

    /** A unit that builds images; its items are HCL. */
    public Path images(String name, String official, String custom) throws IOException {
        return unit(name, """
                    terraform { source = "../../modules/talos_images" }
                    inputs = {
                      talos_version       = "v1.11.5"
                      installer_registry  = "registry.test/acme/installer", installer_platform = "nocloud"
                      official_extensions = [%s]
                      custom_extensions   = [%s]
                    }
                    """.formatted(official, custom));
    }

    public Path unit(String name, String text) throws IOException {
        Path unit = Files.createDirectories(tree().resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), text);
        return unit;
    }

    public String lock() throws IOException {
        return Files.readString(tree().resolve(LockLocation.NAME));
    }

    private String settings() {
        return "{\"ghcr.io\":[{\"url\":\"http://%1$s\"}],\"registry.test\":[{\"url\":\"http://%1$s\"}]}"
                .formatted(registry.host());
    }

    public SortedMap<String, String> environment() {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put("TALOS_FORGE_REGISTRIES", settings());
        environment.put("SOURCE_DATE_EPOCH", Long.toString(ContextSample.TIME));
        return environment;
    }

    private BuildContext context() throws IOException {
        BuildContext sample = ContextSample.in(folder, new ArrayList<>());
        return new BuildContext(
                new Steps(Store.open(folder.resolve("filling")), Events.none(), false),
                new RegistryClient(
                        new HttpTransport(TransportSettings.usual()),
                        new Retries(RetryPolicy.usual(), duration -> {}, () -> 0),
                        RegistrySettings.parse(settings().getBytes(StandardCharsets.UTF_8)),
                        new DockerCredentials(null, Map.of(), Duration.ofSeconds(1))),
                sample.proxmox(),
                sample.workers(),
                sample.debian(),
                sample.downloads(),
                ContextSample.TIME,
                true,
                false,
                sample.sandbox());
    }

    @Override
    public void close() {
        registry.close();
    }
}
