package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.tar.TarArchive;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlatteningTest {
    private static final Attributes ROOT = new Attributes(0644, 0, 0, 0);

    @TempDir
    Path spool;

    private final Map<Sha256, ByteSource> blobs = new TreeMap<>();

    @Test
    void aWhiteoutHidesLowerLayersAndNotItsOwn() throws Exception {
        FileTree tree = flatten(List.of(
                List.of(file("d/old", "1"), file("d/sub/deep", "1"), file("kept", "1")),
                List.of(file("d/new", "2"), file(".wh.d", ""))));
        assertEquals(List.of("d", "d/new", "kept"), paths(tree));
    }

    @Test
    void anOpaqueFolderHidesLowerLayersWhateverItsPosition() throws Exception {
        FileTree tree = flatten(List.of(
                List.of(file("d/old", "1"), file("d/both", "1"), file("e", "1")),
                List.of(file("d/before", "2"), file("d/both", "2"), file("d/.wh..wh..opq", ""), file("d/after", "2"))));
        assertEquals(List.of("d", "d/after", "d/before", "d/both", "e"), paths(tree));
        assertEquals("2", content(tree, "d/both"));
    }

    @Test
    void anOpaqueRootHidesEverything() throws Exception {
        FileTree tree = flatten(
                List.of(List.of(file("a/b", "1"), file("c", "1")), List.of(file(".wh..wh..opq", ""), file("x", "2"))));
        assertEquals(List.of("x"), paths(tree));
    }

    @Test
    void whiteoutsOfNothingAndAufsFilesLeaveNoTrace() throws Exception {
        FileTree tree = flatten(List.of(
                List.of(file(".wh.never", ""), file("d/.wh.never", ""), file(".wh..wh.plnk/x", ""), file("a", "1"))));
        assertEquals(List.of("a"), paths(tree));
    }

    @Test
    void hardLinksOutliveTheirOtherName() throws Exception {
        FileTree tree = flatten(List.of(
                List.of(file("a", "1"), new Entry.HardLink("b", ROOT, "a"), new Entry.HardLink("c", ROOT, "a")),
                List.of(file("a", "2"))));
        assertEquals("2", content(tree, "a"));
        assertEquals("1", content(tree, "b"));
        assertEquals("b", assertInstanceOf(Entry.HardLink.class, tree.get("c")).target());
    }

    @Test
    void kindsReplaceOneAnother() throws Exception {
        FileTree tree = flatten(List.of(
                List.of(
                        file("d/x", "1"),
                        file("f", "1"),
                        new Entry.Directory("k", new Attributes(0700, 1, 2, 3)),
                        file("k/in", "1")),
                List.of(
                        file("d", "2"),
                        new Entry.Directory("f", ROOT),
                        file("f/x", "2"),
                        new Entry.Directory("k", new Attributes(0711, 4, 5, 6)))));
        assertEquals(List.of("d", "f", "f/x", "k", "k/in"), paths(tree));
        assertEquals(new Attributes(0711, 4, 5, 6), attributes(tree, "k"));
    }

    @Test
    void aLayerThatIsNotWhatItsDigestSaysIsRefused() throws Exception {
        Image image = image(List.of(List.of(file("a", "1"))));
        Descriptor layer = image.manifest().layers().getFirst();
        byte[] bytes = blobs(layer).readAll("layer", 1 << 20);
        bytes[512] ^= 1;
        blobs.put(layer.digest(), ByteSource.of(bytes));
        FormatException failure = assertThrows(FormatException.class, () -> flatten(image));
        assertEquals(
                "OCI layer archive at offset 0 (0x0): the content of %s has the digest %s"
                        .formatted(layer.digest(), Sha256.of(bytes)),
                failure.getMessage());
        blobs.put(layer.digest(), ByteSource.of(new byte[3]));
        FormatException shorter = assertThrows(FormatException.class, () -> flatten(image));
        assertEquals(
                "OCI layer at offset 0 (0x0): %s has 3 bytes; its descriptor says %d"
                        .formatted(layer.digest(), layer.size()),
                shorter.getMessage());
    }

    @Test
    void limitsCountAllLayersTogether() throws Exception {
        Image image = image(List.of(List.of(file("a", "12345")), List.of(file("a", "12345"))));
        FormatException bytes = assertThrows(
                FormatException.class, () -> new Flattening(this::blobs, new TarLimits(100, 9)).flatten(image, spool));
        assertEquals(
                "tar archive at offset 512 (0x200): more than 100 members or 9 bytes of content", bytes.getMessage());
        FormatException members = assertThrows(
                FormatException.class, () -> new Flattening(this::blobs, new TarLimits(1, 100)).flatten(image, spool));
        assertEquals(
                "tar archive at offset 512 (0x200): more than 1 members or 100 bytes of content", members.getMessage());
    }

    /** Row 2: pzstd begins so, and whoever takes the first bytes for a tar header reads nonsense. */
    @Test
    void aLayerMayBeginWithASkippableFrame() throws Exception {
        ByteSource tar = TarArchive.source(List.of(file("a", "1")));
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4});
        try (java.io.OutputStream zstd = dev.talosforge.format.compress.Zstd.encode(out)) {
            zstd.write(tar.readAll("tar", 1 << 20));
        }
        ByteSource blob = ByteSource.of(out.toByteArray());
        Descriptor layer = new Descriptor(MediaType.OCI_LAYER_ZSTD, Sha256.of(blob), blob.size());
        blobs.put(layer.digest(), blob);
        ImageConfig config = ImageConfig.of(Platform.linux("amd64"), null, List.of(Sha256.of(tar)));
        Image image =
                Image.of(Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config.toBytes()), List.of(layer)), config);
        assertEquals(List.of("a"), paths(flatten(image)));
    }

    /** Row 10: what {@code umoci unpack} (0.4.7) made of the same layers. */
    @Test
    void membersBelowLinksGoWhereTheLinksLead() throws Exception {
        FileTree tree = flatten(List.of(
                List.of(
                        directory("usr"),
                        directory("usr/lib"),
                        file("usr/lib/old", "old"),
                        file("usr/lib/gone", "x"),
                        link("lib", "usr/lib"),
                        link("abs", "/usr/lib"),
                        link("up", "../../../usr"),
                        link("chain", "lib"),
                        link("dangling", "nowhere/deep"),
                        directory("opq"),
                        file("opq/x", "x"),
                        link("opqlink", "opq"),
                        link("a1", "usr/./lib/../lib"),
                        directory("opt"),
                        link("opt/abs", "/usr/lib"),
                        link("opt/up", "../usr/lib")),
                List.of(
                        file("lib/x", "x"),
                        file("abs/y", "y"),
                        file("up/lib/z", "z"),
                        file("chain/deep/w", "w"),
                        file("dangling/v", "v"),
                        file("lib/.wh.gone", ""),
                        file("opqlink/.wh..wh..opq", ""),
                        file("opqlink/z", "z"),
                        file("a1/q", "q"),
                        file("opt/abs/n", "n"),
                        file("opt/up/m", "m")),
                List.of(
                        directory("chain"),
                        file("chain/here", "1"),
                        link("usr/lib/self", "../lib"),
                        file("usr/lib/self/s", "s"))));
        assertEquals(
                "a1 abs chain/ chain/here dangling lib nowhere/ nowhere/deep/ nowhere/deep/v opq/ opq/z opqlink opt/ opt/abs opt/up up usr/"
                        + " usr/lib/ usr/lib/deep/ usr/lib/deep/w usr/lib/m usr/lib/n usr/lib/old usr/lib/q usr/lib/s usr/lib/self"
                        + " usr/lib/x usr/lib/y usr/lib/z",
                tree.entries().stream()
                        .map(entry -> entry.path() + (entry instanceof Entry.Directory ? "/" : ""))
                        .collect(java.util.stream.Collectors.joining(" ")));
        assertEquals(
                "tar archive at offset 0 (0x0): one follows more than 255 links",
                assertThrows(
                                FormatException.class,
                                () -> flatten(
                                        List.of(List.of(link("one", "two"), link("two", "one"), file("one/x", "x")))))
                        .getMessage());
    }

    @Test
    void aPlainLayerIsItsOwnArchive() throws Exception {
        FileTree tree = FileTree.of(List.of(file("a", "1")));
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        Layer layer = LayerWriter.plain().write(tree, out);
        assertEquals(layer.diffId(), layer.descriptor().digest());
        assertEquals(Sha256.of(out.toByteArray()), layer.diffId());
        assertEquals(Sha256.of(TarArchive.source(tree.entries())), layer.diffId());
        assertEquals(out.size(), layer.descriptor().size());
        java.io.ByteArrayOutputStream gzipped = new java.io.ByteArrayOutputStream();
        Layer gzip = LayerWriter.gzip(1).write(tree, gzipped);
        assertEquals(layer.diffId(), gzip.diffId());
        assertEquals(Sha256.of(gzipped.toByteArray()), gzip.descriptor().digest());
    }

    private ByteSource blobs(Descriptor descriptor) {
        return java.util.Objects.requireNonNull(blobs.get(descriptor.digest()));
    }

    private FileTree flatten(List<List<Entry>> layers) throws Exception {
        return flatten(image(layers));
    }

    private FileTree flatten(Image image) throws Exception {
        return new Flattening(this::blobs, TarLimits.GENEROUS).flatten(image, spool);
    }

    private Image image(List<List<Entry>> layers) throws Exception {
        List<Descriptor> descriptors = new ArrayList<>();
        List<Sha256> diffIds = new ArrayList<>();
        for (List<Entry> entries : layers) {
            ByteSource tar = TarArchive.source(entries);
            Descriptor layer = new Descriptor(MediaType.OCI_LAYER, Sha256.of(tar), tar.size());
            blobs.put(layer.digest(), tar);
            descriptors.add(layer);
            diffIds.add(layer.digest());
        }
        ImageConfig config = ImageConfig.of(Platform.linux("amd64"), null, diffIds);
        return Image.of(Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config.toBytes()), descriptors), config);
    }

    private static Entry file(String path, String content) {
        return new Entry.RegularFile(path, ROOT, ByteSource.of(content.getBytes(UTF_8)));
    }

    private static Entry directory(String path) {
        return new Entry.Directory(path, ROOT);
    }

    private static Entry link(String path, String target) {
        return new Entry.Symlink(path, ROOT, target);
    }

    private static List<String> paths(FileTree tree) {
        return tree.entries().stream().map(Entry::path).toList();
    }

    private static Attributes attributes(FileTree tree, String path) {
        return java.util.Objects.requireNonNull(tree.get(path)).attributes();
    }

    private static String content(FileTree tree, String path) throws Exception {
        Entry.RegularFile file = assertInstanceOf(Entry.RegularFile.class, tree.get(path));
        return new String(file.content().readAll("file", 100), UTF_8);
    }
}
