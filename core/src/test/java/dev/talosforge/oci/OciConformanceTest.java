package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our images in skopeo's and umoci's hands, and theirs in ours. */
@Tag("reference")
class OciConformanceTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Platform AMD64 = Platform.linux("amd64");
    private static final long TIME = 1_700_000_000;

    @Test
    void skopeoTakesOurLayout(@TempDir Path dir) throws Exception {
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        Image image = write(dir.resolve("ours"), "v1");

        Json.JsonObject seen = JsonReader.readObject(
                "skopeo", skopeo.run(dir, NOTHING, "inspect", "oci:ours:v1").getBytes(UTF_8));
        assertEquals(image.descriptor().digest().toString(), seen.text("Digest"));
        assertEquals("amd64", seen.text("Architecture"));
        assertEquals("2023-11-14T22:13:20Z", seen.text("Created"));
        assertEquals(2, seen.items("Layers").size());

        skopeo.run(dir, NOTHING, "--insecure-policy", "copy", "-q", "oci:ours:v1", "docker-archive:theirs.tar:a/b:c");
        DockerArchive archive = DockerArchive.read(ByteSource.of(dir.resolve("theirs.tar")));
        assertEquals(1, archive.images().size());
        assertEquals(List.of("docker.io/a/b:c"), archive.images().getFirst().tags());
        Image back = archive.images().getFirst().image();
        assertEquals(image.config().diffIds(), back.config().diffIds());
        assertEquals(
                describe(flatten(image, OciLayout.open(dir.resolve("ours")), dir.resolve("spool1"))),
                describe(flatten(back, archive, dir.resolve("spool2"))));

        skopeo.run(dir, NOTHING, "--insecure-policy", "copy", "-q", "docker-archive:theirs.tar", "oci:again:v1");
        Image again = OciLayout.open(dir.resolve("again")).image(AMD64);
        assertEquals(image.config().diffIds(), again.config().diffIds());
    }

    @Test
    void skopeoTakesOurDockerArchive(@TempDir Path dir) throws Exception {
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        Image image = write(dir.resolve("ours"), "v1");
        ByteSource archive = DockerArchive.source(
                image, List.of(ImageReference.parse("ghcr.io/acme/installer:v1")), OciLayout.open(dir.resolve("ours")));
        try (OutputStream out = Files.newOutputStream(dir.resolve("ours.tar"))) {
            ByteSink.over(out).copy(archive).flush();
        }
        Json.JsonObject seen = JsonReader.readObject(
                "skopeo",
                skopeo.run(dir, NOTHING, "inspect", "docker-archive:ours.tar:ghcr.io/acme/installer:v1")
                        .getBytes(UTF_8));
        assertEquals("amd64", seen.text("Architecture"));
        skopeo.run(dir, NOTHING, "--insecure-policy", "copy", "-q", "docker-archive:ours.tar", "oci:theirs:v1");
        OciLayout theirs = OciLayout.open(dir.resolve("theirs"));
        Image back = theirs.image(AMD64);
        assertEquals(image.config().diffIds(), back.config().diffIds());
        assertEquals(image.config().platform(), back.config().platform());
        assertEquals(image.config().created(), back.config().created());
        assertEquals(
                describe(flatten(image, OciLayout.open(dir.resolve("ours")), dir.resolve("spool1"))),
                describe(flatten(back, theirs, dir.resolve("spool2"))));

        DockerArchive ourselves = DockerArchive.read(archive);
        assertEquals(image.manifest(), ourselves.images().getFirst().image().manifest());
        assertArrayEquals(
                archive.readAll("archive", 1 << 20),
                DockerArchive.source(
                                ourselves.images().getFirst().image(),
                                List.of(ImageReference.parse(
                                        ourselves.images().getFirst().tags().getFirst())),
                                ourselves)
                        .readAll("archive", 1 << 20));
    }

    @Test
    void umociUnpacksOurLayoutToTheSameTree(@TempDir Path dir) throws Exception {
        RequiredTool umoci = RequiredTool.named("umoci", "umoci");
        Image image = write(dir.resolve("ours"), "v1");
        umoci.run(dir, NOTHING, "raw", "unpack", "--rootless", "--image", "ours:v1", "out");
        assertEquals(
                describe(DiskTree.read(dir.resolve("out"))),
                describe(flatten(image, OciLayout.open(dir.resolve("ours")), dir.resolve("spool"))));
    }

    /**
     * Layers as umoci makes them: additions, whiteouts, an opaque folder, a file over a folder, links across layers.
     */
    @Test
    void flattensAsUmociUnpacks(@TempDir Path dir) throws Exception {
        RequiredTool umoci = RequiredTool.named("umoci", "umoci");
        umoci.run(dir, NOTHING, "init", "--layout", "l");
        umoci.run(dir, NOTHING, "new", "--image", "l:t");
        Path first = Files.createDirectories(dir.resolve("first"));
        Files.createDirectories(first.resolve("a/b/c"));
        Files.createDirectories(first.resolve("etc/opaque/deep"));
        Files.writeString(first.resolve("a/b/c/file"), "one");
        Files.createLink(first.resolve("a/link"), first.resolve("a/b/c/file"));
        Files.createLink(first.resolve("z-link"), first.resolve("a/b/c/file"));
        Files.createSymbolicLink(first.resolve("soft"), Path.of("a/b"));
        Files.writeString(first.resolve("etc/opaque/deep/old"), "old");
        Files.writeString(first.resolve("etc/gone"), "gone");
        Files.writeString(first.resolve("etc/grown"), "grown");
        umoci.run(dir, NOTHING, "insert", "--rootless", "--image", "l:t", "first", "/");
        umoci.run(dir, NOTHING, "insert", "--rootless", "--image", "l:t", "--whiteout", "/etc/gone");
        Path opaque = Files.createDirectories(dir.resolve("opaque"));
        Files.writeString(opaque.resolve("new"), "new");
        umoci.run(dir, NOTHING, "insert", "--rootless", "--image", "l:t", "--opaque", "opaque", "/etc/opaque");
        assertSameTree(umoci, dir, "after insert");

        umoci.run(dir, NOTHING, "unpack", "--rootless", "--image", "l:t", "bundle");
        Path root = dir.resolve("bundle/rootfs");
        Files.delete(root.resolve("a/b/c/file")); // its other names stay
        Files.delete(root.resolve("a/b/c"));
        Files.writeString(root.resolve("a/b/c"), "a file where a folder was");
        Files.delete(root.resolve("etc/grown"));
        Files.createDirectory(root.resolve("etc/grown"));
        Files.writeString(root.resolve("etc/grown/in"), "a folder where a file was");
        Files.delete(root.resolve("soft"));
        umoci.run(dir, NOTHING, "repack", "--image", "l:t", "bundle");
        assertSameTree(umoci, dir, "after repack");
    }

    private static void assertSameTree(RequiredTool umoci, Path dir, String when) throws Exception {
        Path out = dir.resolve("out " + when);
        umoci.run(dir, NOTHING, "raw", "unpack", "--rootless", "--image", "l:t", out.toString());
        OciLayout layout = OciLayout.open(dir.resolve("l"));
        FileTree ours = flatten(layout.image(platformOf(layout)), layout, dir.resolve("spool " + when));
        assertEquals(describe(DiskTree.read(out)), describe(ours), when);
        assertTrue(ours.size() > 5, when);
    }

    /** umoci's new images are for the machine that made them. */
    private static Platform platformOf(OciLayout layout) throws Exception {
        Manifest manifest =
                Manifest.parse(layout.document(layout.index().manifests().getFirst()));
        return ImageConfig.parse(layout.document(manifest.config())).platform();
    }

    static Image write(Path directory, String name) throws Exception {
        OciLayout layout = OciLayout.create(directory);
        FileTree lower = new TreeBuilder(TIME)
                .file("bin/sh", 0755, "shell")
                .add(new Entry.HardLink("bin/ash", Attributes.root(0755, TIME), "bin/sh"))
                .file("etc/removed", 0644, "x")
                .file("usr/" + "long".repeat(40) + "/" + "name".repeat(40), 0644, "long")
                .symlink("sbin", "bin")
                .build();
        FileTree upper = new TreeBuilder(TIME)
                .file("etc/.wh.removed", 0, "")
                .file("usr/install/amd64/vmlinuz.efi", 0644, "kernel")
                .build();
        List<Descriptor> layers = new ArrayList<>();
        List<Sha256> diffIds = new ArrayList<>();
        Path blob = directory.resolveSibling("layer");
        for (LayerWriter writer : List.of(LayerWriter.gzip(9), LayerWriter.gzip(1))) {
            Layer layer = writer.write(layers.isEmpty() ? lower : upper, blob);
            layout.put(layer.descriptor(), ByteSource.of(blob));
            layers.add(layer.descriptor());
            diffIds.add(layer.diffId());
        }
        ImageConfig config = ImageConfig.of(AMD64, "2023-11-14T22:13:20Z", diffIds);
        Manifest manifest = Manifest.of(layout.put(MediaType.OCI_CONFIG, config.toBytes()), layers);
        Descriptor descriptor = layout.put(MediaType.OCI_MANIFEST, manifest.toBytes());
        layout.add(descriptor.withPlatform(AMD64).withAnnotation(Descriptor.REF_NAME, name));
        return Image.of(manifest, config);
    }

    static FileTree flatten(Image image, Blobs blobs, Path spool) throws Exception {
        return new Flattening(blobs, TarLimits.GENEROUS).flatten(image, Files.createDirectories(spool));
    }

    /** Paths, kinds, modes, times of files, contents; a further name of a file counts as the file. */
    static String describe(FileTree tree) throws Exception {
        StringBuilder out = new StringBuilder();
        for (Entry entry : tree.entries()) {
            Entry file = entry;
            if (entry instanceof Entry.HardLink link) {
                file = tree.get(link.target());
                assertNotNull(file);
            }
            String rest = switch (file) {
                case Entry.RegularFile regular ->
                    regular.attributes().modified() + " "
                            + new String(regular.content().readAll("file", 1 << 20), UTF_8);
                case Entry.Symlink link -> "-> " + link.target();
                default -> file.getClass().getSimpleName();
            };
            out.append("%s %o %s%n".formatted(entry.path(), file.attributes().permissions(), rest));
        }
        return out.toString();
    }
}
