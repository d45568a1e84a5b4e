package dev.talosforge.format.iso9660;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Field;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IsoLayoutTest {
    private static final long TIME = 1761000000;
    private static final IsoLabels LABELS = new IsoLabels("TEST", "", "", "", "");

    @Test
    void aFileAboveFourGibibytesHasSeveralExtents() throws IOException {
        byte[] end = "the end".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] seam = {1, 2, 3, 4, 5, 6, 7, 8};
        long first = Directories.MAX_EXTENT;
        ByteSource large = ByteSource.concat(
                List.of(ByteSource.zeros(first - 4), ByteSource.of(seam), ByteSource.zeros(first), ByteSource.of(end)));
        FileTree tree = new TreeBuilder(TIME)
                .file("a", 0644, "x")
                .file("large", 0644, large)
                .file("z", 0644, "y")
                .build();
        IsoLayout layout = IsoLayout.of(IsoPlan.of(tree, LABELS, TIME));
        ByteSource image = layout.image();
        FileTree read = IsoReader.read(image).tree();
        ByteSource found = ((Entry.RegularFile) Objects.requireNonNull(read.get("large"))).content();
        assertEquals(large.size(), found.size());
        assertArrayEquals(seam, found.read("test", first - 4, 8));
        assertArrayEquals(end, found.read("test", found.size() - end.length, end.length));
        assertArrayEquals(seam, image.read("test", layout.offsetOf("large") + first - 4, 8));
        assertEquals(image.size(), layout.geometry().totalBytes());
    }

    @Test
    void targetsAndNamesOfAnyLengthComeBack() throws IOException {
        String target = ("x".repeat(255) + "/").repeat(15) + "end";
        FileTree tree = new TreeBuilder(TIME).symlink("n".repeat(255), target).build();
        FileTree read = IsoReader.read(
                        IsoLayout.of(IsoPlan.of(tree, LABELS, TIME)).image())
                .tree();
        assertEquals(tree.entries(), read.entries());
    }

    @Test
    void theLargePartitionsCountIsOpen() throws IOException {
        FileTree tree = new TreeBuilder(TIME).build();
        IsoPlan plan = IsoPlan.of(tree, LABELS, TIME).withPartition(ByteSource.zeros(64 << 20), List.of());
        IsoLayout layout = IsoLayout.of(plan);
        assertEquals(
                List.of(new BootImage(0xEF, 0, layout.geometry().partitionOffset() / 2048)),
                IsoReader.read(layout.image()).bootImages());
        assertEquals(0, layout.geometry().partitionOffset() % (1 << 20));
        assertEquals(64L << 11, layout.geometry().partitionSectors());
    }

    @Test
    void isoNamesAreUnique() throws IOException {
        FileTree tree = new TreeBuilder(TIME)
                .file("a+b.txt", 0644, "")
                .file("a-b.txt", 0644, "")
                .file("readme", 0644, "")
                .directory("README", 0755)
                .file("this name is much longer than an ISO name.conf", 0644, "")
                .build();
        assertEquals(
                List.of("README", "A_B.TXT", "A_B_1.TXT", "README_1.", "THIS_NAME_IS_MUCH_LONGER_T.CONF"),
                List.copyOf(IsoNames.assign(tree.entries()).values()));
    }

    @Test
    void whatCannotBeHeldIsNamed() throws IOException {
        FileTree device = FileTree.of(List.of(new Entry.CharDevice("null", Attributes.root(0666, TIME), 1, 3)));
        var refused = assertThrows(LimitException.class, () -> IsoLayout.of(IsoPlan.of(device, LABELS, TIME)));
        assertEquals("ISO 9660: null: devices are not supported", refused.getMessage());

        FileTree one = new TreeBuilder(TIME).file("one", 0644, "1").build();
        IsoPlan twice = IsoPlan.of(one, LABELS, TIME)
                .withPartition(
                        ByteSource.zeros(1 << 20), List.of(new SharedFile("one", Attributes.root(0444, TIME), 0, 1)));
        refused = assertThrows(LimitException.class, () -> IsoLayout.of(twice));
        assertEquals("ISO 9660: one: the path occurs twice", refused.getMessage());

        IsoPlan lowerCase = IsoPlan.of(one, new IsoLabels("Talos", "", "", "", ""), TIME);
        refused = assertThrows(LimitException.class, () -> IsoLayout.of(lowerCase));
        assertEquals("ISO 9660: Talos: a volume identifier must be 1 to 32 of A-Z, 0-9 and _", refused.getMessage());

        IsoPlan unaligned = IsoPlan.of(one, LABELS, TIME)
                .withPartition(
                        ByteSource.zeros(1 << 20), List.of(new SharedFile("two", Attributes.root(0444, TIME), 512, 1)));
        refused = assertThrows(LimitException.class, () -> IsoLayout.of(unaligned));
        assertEquals("ISO 9660: two: 1 bytes at 512 are not at a block of the partition", refused.getMessage());
    }

    @Test
    void brokenVolumesAreRefusedAndNothingWorse() throws IOException {
        FileTree tree = new TreeBuilder(TIME)
                .file("a/b/c.txt", 0644, "content")
                .symlink("link", "x".repeat(300))
                .file("n".repeat(255), 0644, "long")
                .build();
        IsoPlan plan = IsoPlan.of(tree, LABELS, TIME)
                .withBios(new BiosImage("boot/image", 100, block -> new byte[100]), "boot/catalog");
        byte[] good = IsoLayout.of(plan).image().readAll("test", 1 << 20);
        for (int length = 0; length < good.length; length += 97) {
            readOrRefuse(java.util.Arrays.copyOf(good, length));
        }
        Random random = new Random(42);
        int start = 16 * 2048;
        for (int i = 0; i < 3000; i++) {
            byte[] bad = good.clone();
            for (int flips = 0; flips < 3; flips++) {
                bad[start + random.nextInt(good.length - start)] ^= (byte) (1 << random.nextInt(8));
            }
            readOrRefuse(bad);
        }
    }

    @Test
    void aCircleOfDirectoriesEnds() throws IOException {
        FileTree tree = new TreeBuilder(TIME).directory("a", 0755).build();
        byte[] bytes = IsoLayout.of(IsoPlan.of(tree, LABELS, TIME)).image().readAll("test", 1 << 20);
        int root = 21 - 1; // descriptors in 16 and 17, path tables in 18 and 19
        int at = root * 2048;
        at += bytes[at] & 0xFF;
        at += bytes[at] & 0xFF;
        bytes[at + 2] = (byte) root;
        var refused = assertThrows(FormatException.class, () -> IsoReader.read(ByteSource.of(bytes)));
        assertEquals(
                "ISO 9660 directory at offset 40960 (0xa000): the directory is in two places", refused.getMessage());
    }

    @Test
    void somethingElseIsNotAVolume() {
        var refused = assertThrows(FormatException.class, () -> IsoReader.read(ByteSource.zeros(1 << 20)));
        assertEquals(
                "ISO 9660 volume descriptor at offset 32768 (0x8000): not an ISO 9660 volume: no CD001",
                refused.getMessage());
    }

    @Test
    void tablesInDocsMatch() throws IOException {
        String docs = Files.readString(Path.of("docs/formats/iso9660.md"));
        byte[] seven = new byte[7];
        var places = new VolumeDescriptors.Places(1, 1, 1, 1);
        assertInDocs(
                docs,
                VolumeDescriptors.primary(LABELS, TIME, places, new byte[34]).layout());
        assertInDocs(docs, VolumeDescriptors.boot(1).layout());
        assertInDocs(docs, VolumeDescriptors.validation(0).layout());
        assertInDocs(docs, VolumeDescriptors.sectionHeader(0xEF, 1).layout());
        assertInDocs(docs, VolumeDescriptors.bootEntry(4, 1).layout());
        assertInDocs(
                docs,
                new DirectoryRecord(new byte[] {0}, 1, 1, seven, 0, new byte[0])
                        .encode()
                        .layout());
        assertInDocs(docs, RockRidge.attributes(0, 1, Attributes.root(0, 0), "").layout());
        assertInDocs(docs, RockRidge.times(seven).layout());
        assertInDocs(docs, RockRidge.continuation(1, 0, 0).layout());
    }

    private static void assertInDocs(String docs, List<Field> layout) {
        StringBuilder table = new StringBuilder("| offset | size | field |\n| ---: | ---: | --- |\n");
        layout.forEach(f -> table.append("| %d | %d | %s |\n".formatted(f.offset(), f.size(), f.name())));
        assertTrue(docs.contains(table), () -> "docs/formats/iso9660.md lacks\n" + table);
    }

    private static void readOrRefuse(byte[] image) throws IOException {
        try {
            IsoReader.read(ByteSource.of(image));
        } catch (FormatException expected) {
            assertTrue(expected.offset() >= 0, expected::getMessage);
        }
    }
}
