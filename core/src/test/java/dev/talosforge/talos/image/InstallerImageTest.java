package dev.talosforge.talos.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.DockerArchive;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Layer;
import dev.talosforge.oci.LayerWriter;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.SampleParts;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallerImageTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final String MADE = "2025-10-20T22:40:00Z";

    /** Every blob of every image in here, by digest. */
    private final Map<Sha256, ByteSource> blobs = new TreeMap<>();

    private Layer layer(FileTree tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Layer layer = LayerWriter.gzip(Gzip::stored).write(tree, out);
        blobs.put(layer.descriptor().digest(), ByteSource.of(out.toByteArray()));
        return layer;
    }

    private static FileTree baseTree(int number) throws IOException {
        return new TreeBuilder(number)
                .file("usr/bin/layer" + number, 0755, "binary " + number)
                .build();
    }

    private static Json line(String by, boolean empty) {
        Json.Builder line = Json.object().put("created_by", by);
        return empty ? line.put("empty_layer", true).build() : line.build();
    }

    private Image base(int layerCount, List<Json> history) throws IOException {
        List<Descriptor> layers = new ArrayList<>();
        List<Sha256> diffIds = new ArrayList<>();
        for (int i = 0; i < layerCount; i++) {
            Layer layer = layer(baseTree(i));
            Descriptor d = layer.descriptor();
            layers.add(new Descriptor(i == 0 ? MediaType.DOCKER_LAYER_GZIP : d.mediaType(), d.digest(), d.size()));
            diffIds.add(layer.diffId());
        }
        Json.JsonObject settings = Json.object()
                .put("Env", Json.ofTexts(List.of("PATH=/bin:/sbin")))
                .put("Entrypoint", Json.ofTexts(List.of("/bin/installer")))
                .put(
                        "Labels",
                        Json.object().put("alpha.talos.dev/version", "v1.11.5").build())
                .build();
        ImageConfig config = new ImageConfig(
                "amd64",
                "linux",
                null,
                "2025-01-01T00:00:00Z",
                settings,
                diffIds,
                history,
                Json.object().put("author", "somebody").build());
        return Image.of(Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config.toBytes()), layers), config);
    }

    private Layer artifacts() throws IOException {
        return layer(InstallerImage.artifacts(
                Architecture.AMD64, SampleParts.bootLoader(), SampleParts.stub(), SampleParts.TIME));
    }

    private Image installer(int baseLayers, Json... history) throws IOException {
        Image image = InstallerImage.of(base(baseLayers, List.of(history)), artifacts(), SampleParts.TIME);
        byte[] config = image.config().toBytes();
        blobs.put(image.manifest().config().digest(), ByteSource.of(config));
        return image;
    }

    @Test
    void theArtifactsLayerHoldsBootLoaderAndUki() throws Exception {
        FileTree tree = InstallerImage.artifacts(
                Architecture.AMD64, SampleParts.bootLoader(), SampleParts.stub(), SampleParts.TIME);
        assertEquals(
                List.of(
                        "755 usr",
                        "755 usr/install",
                        "755 usr/install/amd64",
                        "644 usr/install/amd64/systemd-boot.efi",
                        "644 usr/install/amd64/vmlinuz.efi"),
                tree.entries().stream()
                        .map(e -> "%o %s".formatted(e.attributes().permissions(), e.path()))
                        .toList());
        assertTrue(tree.entries().stream()
                .allMatch(e -> e.attributes()
                        .equals(Entry.Attributes.root(e.attributes().permissions(), SampleParts.TIME))));
    }

    @Test
    void programsForAnotherMachineAreRefused() {
        ByteSource arm = ByteSource.of(SampleParts.program(0xaa64, 512));
        assertEquals(
                "systemd-boot.efi at offset 0 (0x0): for machine 0xaa64, and amd64 is 0x8664",
                failure(arm, SampleParts.stub()));
        assertEquals(
                "vmlinuz.efi at offset 0 (0x0): for machine 0xaa64, and amd64 is 0x8664",
                failure(SampleParts.bootLoader(), arm));
    }

    private static String failure(ByteSource bootLoader, ByteSource uki) {
        return String.valueOf(assertThrows(
                        FormatException.class,
                        () -> InstallerImage.artifacts(Architecture.AMD64, bootLoader, uki, SampleParts.TIME))
                .getMessage());
    }

    /** Of two layers the second is the old artifacts; any other number stays whole. */
    @Test
    void layersOfTheBaseAreKeptAsTheyAre() throws Exception {
        for (int given : new int[] {1, 2, 3}) {
            Image base = base(given, List.of());
            Image installer = installer(given);
            int kept = given == 2 ? 1 : given;
            assertEquals(kept + 1, installer.manifest().layers().size());
            assertEquals(
                    base.manifest().layers().subList(0, kept),
                    installer.manifest().layers().subList(0, kept));
            assertEquals(
                    base.config().diffIds().subList(0, kept),
                    installer.config().diffIds().subList(0, kept));
            assertEquals(artifacts().descriptor(), installer.manifest().layers().getLast());
            assertEquals(artifacts().diffId(), installer.config().diffIds().getLast());
        }
    }

    @Test
    void documentsAreOciAndTheConfigurationIsKept() throws Exception {
        Image installer = installer(1);
        assertEquals(MediaType.OCI_MANIFEST, installer.manifest().mediaType());
        assertEquals(MediaType.OCI_CONFIG, installer.manifest().config().mediaType());
        assertEquals(
                List.of(MediaType.DOCKER_LAYER_GZIP, MediaType.OCI_LAYER_GZIP),
                installer.manifest().layers().stream()
                        .map(Descriptor::mediaType)
                        .toList());
        String diffIds = String.join(
                "\",\"",
                installer.config().diffIds().stream().map(Sha256::toString).toList());
        assertEquals(
                "{\"architecture\":\"amd64\",\"created\":\"" + MADE + "\",\"os\":\"linux\","
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + diffIds + "\"]},"
                        + "\"config\":{\"Env\":[\"PATH=/bin:/sbin\"],\"Entrypoint\":[\"/bin/installer\"],"
                        + "\"Labels\":{\"alpha.talos.dev/version\":\"v1.11.5\"}},\"author\":\"somebody\"}",
                new String(installer.config().toBytes(), UTF_8));
        assertEquals(
                Descriptor.of(MediaType.OCI_CONFIG, installer.config().toBytes()),
                installer.manifest().config());
    }

    private static List<String> history(Image image) {
        return image.config().history().stream().map(Json::compact).toList();
    }

    @Test
    void historyFitsTheLayersOrIsLeftOut() throws Exception {
        String ours = "{\"created\":\"" + MADE + "\",\"created_by\":\"talos-forge\"}";
        String a = line("a", false).compact();
        String env = line("ENV", true).compact();
        assertEquals(
                List.of(env, a, env, ours),
                history(installer(1, line("ENV", true), line("a", false), line("ENV", true))));
        assertEquals(List.of(a, ours), history(installer(2, line("a", false), line("b", false), line("ENV", true))));
        assertEquals(List.of(), history(installer(3, line("a", false))));
        assertEquals(List.of(), history(installer(1)));
    }

    @Tag("reference")
    @Test
    void skopeoLoadsTheArchive(@TempDir Path folder) throws Exception {
        for (int given : new int[] {1, 2, 3}) {
            Image installer = installer(given, line("a", false), line("b", false), line("c", false));
            ByteSource archive = DockerArchive.source(
                    installer,
                    List.of(ImageReference.parse("registry.test/installer:v1.11.5")),
                    descriptor -> Objects.requireNonNull(blobs.get(descriptor.digest())));
            SampleParts.write(archive, folder.resolve("installer.tar"));
            RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
            String config = skopeo.run(folder, NOTHING, "inspect", "--config", "docker-archive:installer.tar");
            assertTrue(config.contains("/bin/installer"), config);
            skopeo.run(
                    folder,
                    NOTHING,
                    "--insecure-policy",
                    "copy",
                    "-q",
                    "docker-archive:installer.tar",
                    "oci:out%d:v1".formatted(given));
            String manifest = skopeo.run(folder, NOTHING, "inspect", "--raw", "oci:out%d:v1".formatted(given));
            assertEquals(
                    installer.manifest().layers().size(),
                    manifest.split("image\\.layer\\.v1\\.tar\\+gzip", -1).length - 1,
                    manifest);
            assertArrayEquals(
                    installer.config().diffIds().toArray(),
                    DockerArchive.read(archive)
                            .images()
                            .getFirst()
                            .image()
                            .config()
                            .diffIds()
                            .toArray());
        }
    }
}
