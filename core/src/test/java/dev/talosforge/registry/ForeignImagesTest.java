package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Flattening;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images that skopeo, umoci and buildah made and pushed, read by us; and ours, read by skopeo and copied elsewhere. The
 * images have two layers: the second one takes a file away, hides what a folder held, and keeps one of two names.
 */
@Tag("registry")
class ForeignImagesTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final String LONG = "d".repeat(100) + "/" + "n".repeat(150);

    @TempDir
    private Path directory;

    private HttpTransport transport;
    private LocalRegistry registry;

    @BeforeEach
    void start() throws Exception {
        transport = new HttpTransport(TransportSettings.usual());
        registry = LocalRegistry.start(Files.createDirectories(directory.resolve("registry")));
    }

    @AfterEach
    void stop() {
        registry.close();
        transport.close();
    }

    private RegistryClient client() {
        return new RegistryClient(
                transport,
                new Retries(RetryPolicy.usual(), _ -> {}, () -> 0),
                RegistrySettings.none(),
                _ -> Credentials.anonymous());
    }

    private ImageReference at(String rest) {
        return ImageReference.parse(registry.host() + "/" + rest);
    }

    /** What a machine of this kind runs: umoci and buildah make images for the machine that they run on. */
    private static Platform here() {
        return Platform.linux(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
    }

    private static void skopeo(Path directory, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "--insecure-policy";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        RequiredTool.named("skopeo", "skopeo").run(directory, NOTHING, all);
    }

    /** The lower layer's folder. */
    private Path lower() throws IOException {
        Path lower = Files.createDirectories(directory.resolve("lower"));
        Files.createDirectories(lower.resolve("etc/opaque/deep"));
        Files.createDirectories(lower.resolve(LONG).getParent());
        Files.writeString(lower.resolve("etc/gone"), "gone");
        Files.writeString(lower.resolve("etc/opaque/deep/old"), "old");
        Files.writeString(lower.resolve("etc/first"), "linked");
        Files.createLink(lower.resolve("etc/second"), lower.resolve("etc/first"));
        Files.writeString(lower.resolve(LONG), "long");
        Files.createSymbolicLink(lower.resolve("soft"), Path.of("etc/first"));
        return lower;
    }

    private void check(String rest, String manifestType, String layerType) throws Exception {
        check(registry, rest, manifestType, layerType);
    }

    private void check(LocalRegistry server, String rest, String manifestType, String layerType) throws Exception {
        Path place = directory.resolve("pulled-" + rest.replaceAll("\\W", "-"));
        OciLayout into = OciLayout.create(place);
        Resolved resolved = client().pull(ImageReference.parse(server.host() + "/" + rest), here(), into::blob);
        assertEquals(manifestType, resolved.selected().mediaType(), rest);
        assertTrue(
                resolved.manifest().layers().stream()
                        .allMatch(layer -> layer.mediaType().equals(layerType)),
                resolved.manifest().layers().toString());
        into.put(resolved.selected(), resolved.manifestBytes());
        for (Descriptor layer : resolved.manifest().layers()) {
            assertEquals(layer.digest(), Sha256.of(ByteSource.of(into.blob(layer.digest()))), rest);
        }
        FileTree tree = new Flattening(into, TarLimits.GENEROUS)
                .flatten(
                        Image.read(resolved.selected(), here(), into),
                        Files.createDirectories(directory.resolve("spool-" + place.getFileName())));
        assertNull(tree.get("etc/gone"), rest);
        assertNull(tree.get("etc/opaque/deep"), rest);
        assertNull(tree.get("etc/first"), rest);
        assertEquals("new", text(tree, "etc/opaque/new"), rest);
        assertEquals("linked", text(tree, "etc/second"), rest);
        assertEquals("long", text(tree, LONG), rest);
        assertEquals(
                "etc/first",
                assertInstanceOf(Entry.Symlink.class, tree.get("soft")).target(),
                rest);
    }

    private static String text(FileTree tree, String path) throws IOException {
        Entry entry = tree.get(path);
        return new String(
                assertInstanceOf(Entry.RegularFile.class, entry, path).content().readAll("file", 1 << 16), UTF_8);
    }

    private void umociImage() throws Exception {
        RequiredTool umoci = RequiredTool.named("umoci", "umoci");
        umoci.run(directory, NOTHING, "init", "--layout", "l");
        umoci.run(directory, NOTHING, "new", "--image", "l:t");
        lower();
        umoci.run(directory, NOTHING, "insert", "--rootless", "--image", "l:t", "lower", "/");
        umoci.run(directory, NOTHING, "insert", "--rootless", "--image", "l:t", "--whiteout", "/etc/gone");
        umoci.run(directory, NOTHING, "insert", "--rootless", "--image", "l:t", "--whiteout", "/etc/first");
        Path opaque = Files.createDirectories(directory.resolve("opaque"));
        Files.writeString(opaque.resolve("new"), "new");
        umoci.run(directory, NOTHING, "insert", "--rootless", "--image", "l:t", "--opaque", "opaque", "/etc/opaque");
    }

    @Test
    void umocisImagesInEveryFormThatSkopeoPushes() throws Exception {
        umociImage();
        String target = "docker://" + registry.host() + "/theirs/";
        // decompressed first, and in a registry of its own: skopeo leaves a compression that is there, and layers too
        skopeo(directory, "copy", "-q", "--dest-decompress", "oci:l:t", "dir:plain");
        try (LocalRegistry other = LocalRegistry.start(Files.createDirectories(directory.resolve("other")))) {
            skopeo(
                    directory,
                    "copy",
                    "-q",
                    "--dest-tls-verify=false",
                    "--dest-compress-format",
                    "zstd",
                    "--format",
                    "oci",
                    "dir:plain",
                    "docker://" + other.host() + "/theirs/zstd:v1");
            check(other, "theirs/zstd:v1", MediaType.OCI_MANIFEST, MediaType.OCI_LAYER_ZSTD);
        }
        skopeo(directory, "copy", "-q", "--dest-tls-verify=false", "oci:l:t", target + "oci:v1");
        check("theirs/oci:v1", MediaType.OCI_MANIFEST, MediaType.OCI_LAYER_GZIP);
        skopeo(directory, "copy", "-q", "--dest-tls-verify=false", "--format", "v2s2", "oci:l:t", target + "docker:v1");
        check("theirs/docker:v1", MediaType.DOCKER_MANIFEST, MediaType.DOCKER_LAYER_GZIP);
    }

    @Test
    void buildahsImages() throws Exception {
        RequiredTool buildah = RequiredTool.named("buildah", "buildah");
        lower();
        Files.writeString(directory.resolve("build"), """
                set -eu
                b() { "$BUILDAH" --root "$PWD/b-root" --runroot "$PWD/b-run" --storage-driver vfs "$@"; }
                first=$(b from scratch)
                b add "$first" lower /
                b commit -q --format "$1" "$first" first
                second=$(b from --pull=false localhost/first)
                root=$(b mount "$second")
                rm -r "$root/etc/gone" "$root/etc/first" "$root/etc/opaque"
                mkdir "$root/etc/opaque"
                printf new >"$root/etc/opaque/new"
                b umount "$second" >/dev/null
                b commit -q --format "$1" "$second" second
                b push -q --tls-verify=false --format "$1" localhost/second "docker://$2"
                """);
        for (String format : List.of("oci", "v2s2")) {
            String rest = "buildah/" + format + ":v1";
            shell(buildah, format, registry.host() + "/" + rest);
            check(
                    rest,
                    format.equals("oci") ? MediaType.OCI_MANIFEST : MediaType.DOCKER_MANIFEST,
                    format.equals("oci") ? MediaType.OCI_LAYER_GZIP : MediaType.DOCKER_LAYER_GZIP);
        }
    }

    /** Without an engine: storage of plain folders; who is not root gets a user namespace of buildah's own. */
    private void shell(RequiredTool buildah, String format, String target) throws Exception {
        boolean root = System.getProperty("user.name").equals("root");
        List<String> command = new java.util.ArrayList<>();
        if (!root) {
            command.addAll(List.of(buildah.path().toString(), "unshare"));
        }
        command.addAll(List.of("sh", "build", format.equals("oci") ? "oci" : "docker", target));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("BUILDAH", buildah.path().toString());
        builder.environment().put("BUILDAH_ISOLATION", "chroot");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    @Test
    void aManifestListOfDockersIsResolved() throws Exception {
        OciLayout layout = OciLayout.create(directory.resolve("ours"));
        List<Descriptor> images = images(layout);
        client().pushIndex(at("ours/both:v1"), images, layout, List.of(), TagPolicy.KEEP);
        skopeo(
                directory,
                "copy",
                "-q",
                "--all",
                "--format",
                "v2s2",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                "docker://" + registry.host() + "/ours/both:v1",
                "docker://" + registry.host() + "/theirs/list:v1");
        for (String architecture : List.of("amd64", "arm64")) {
            Resolved resolved = client().resolve(at("theirs/list:v1"), Platform.linux(architecture));
            assertEquals(MediaType.DOCKER_LIST, resolved.top().mediaType());
            assertEquals(MediaType.DOCKER_MANIFEST, resolved.selected().mediaType());
            assertEquals(Platform.linux(architecture), resolved.selected().platform());
        }
    }

    @Test
    void skopeoReadsWhatWePushAndCopiesItElsewhere() throws Exception {
        umociImage();
        OciLayout theirs = OciLayout.open(directory.resolve("l"));
        client().push(
                        at("ours/umoci:v1"),
                        new Descriptor(
                                theirs.index().manifests().getFirst().mediaType(),
                                theirs.index().manifests().getFirst().digest(),
                                theirs.index().manifests().getFirst().size()),
                        theirs,
                        List.of(),
                        TagPolicy.KEEP);
        OciLayout layout = OciLayout.create(directory.resolve("ours"));
        Pushed both = client().pushIndex(at("ours/both:v1"), images(layout), layout, List.of(), TagPolicy.KEEP);
        try (LocalRegistry other = LocalRegistry.start(Files.createDirectories(directory.resolve("other")))) {
            for (String name : List.of("ours/umoci:v1", "ours/both:v1")) {
                skopeo(
                        directory,
                        "copy",
                        "-q",
                        "--all",
                        "--preserve-digests",
                        "--src-tls-verify=false",
                        "--dest-tls-verify=false",
                        "docker://" + registry.host() + "/" + name,
                        "docker://" + other.host() + "/" + name);
                assertEquals(
                        client().digest(at(name)),
                        client().digest(ImageReference.parse(other.host() + "/" + name)),
                        name);
            }
            assertEquals(
                    both.reference().digest(), client().digest(ImageReference.parse(other.host() + "/ours/both:v1")));
        }
        check("ours/umoci:v1", MediaType.OCI_MANIFEST, MediaType.OCI_LAYER_GZIP);
    }

    private static List<Descriptor> images(OciLayout layout) throws IOException {
        List<Descriptor> images = new java.util.ArrayList<>();
        for (String architecture : List.of("amd64", "arm64")) {
            Platform platform = Platform.linux(architecture);
            byte[] tar = new byte[1024];
            Descriptor layer = layout.put(MediaType.OCI_LAYER, tar);
            var config = dev.talosforge.oci.ImageConfig.of(platform, "2023-11-14T22:13:20Z", List.of(layer.digest()));
            Descriptor configured = layout.put(MediaType.OCI_CONFIG, config.toBytes());
            images.add(layout.put(
                            MediaType.OCI_MANIFEST,
                            dev.talosforge.oci.Manifest.of(configured, List.of(layer))
                                    .toBytes())
                    .withPlatform(platform));
        }
        return images;
    }
}
