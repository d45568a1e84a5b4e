package dev.talosforge.format.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Field;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.fat.FatOptions.ClusterRule;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FatLayoutTest {
    private static final long TIME = 1761000000;
    private static final FatOptions OPTIONS = FatOptions.efiSystemPartition();

    @Test
    void filesLieWhereTheLayoutSays() throws IOException {
        FileTree tree = FatConformanceTest.everything();
        for (FatType type : FatType.values()) {
            FatLayout layout = FatLayout.of(tree, OPTIONS.withType(type));
            ByteSource image = layout.image();
            assertEquals(image.size(), layout.size());
            assertEquals(0, layout.size() % (1 << 20));
            for (Entry entry : tree.entries()) {
                if (entry instanceof Entry.RegularFile file && file.content().size() > 0) {
                    long offset = layout.offsetOf(file.path());
                    assertEquals(0, offset % 2048, file.path());
                    byte[] expected = file.content().readAll("test", 1 << 24);
                    assertArrayEquals(expected, image.read("test", offset, expected.length), file.path());
                }
            }
        }
    }

    @Test
    void fat32IsNeverTakenForSomethingSmaller() throws IOException {
        FatLayout layout = FatLayout.of(FileTree.empty(), OPTIONS);
        assertTrue(layout.geometry().clusters() >= 65525, layout.geometry()::toString);
        assertEquals(33 << 20, layout.size());
        assertEquals(List.of(), FatReader.read(layout.image()).entries());
    }

    @Test
    void clustersGrowAsTheRuleSays() throws IOException {
        assertEquals(1, sectorsPerCluster(260, ClusterRule.MKFS_VFAT));
        assertEquals(8, sectorsPerCluster(261, ClusterRule.MKFS_VFAT));
        assertEquals(16, sectorsPerCluster(8193, ClusterRule.MKFS_VFAT));
        assertEquals(1, sectorsPerCluster(65, ClusterRule.FEWEST_CLUSTERS));
        assertEquals(2, sectorsPerCluster(66, ClusterRule.FEWEST_CLUSTERS));
        assertEquals(2, sectorsPerCluster(131, ClusterRule.FEWEST_CLUSTERS));
        assertEquals(4, sectorsPerCluster(132, ClusterRule.FEWEST_CLUSTERS));
        assertEquals(8, sectorsPerCluster(264, ClusterRule.FEWEST_CLUSTERS));
    }

    private static int sectorsPerCluster(long mib, ClusterRule rule) throws IOException {
        FatOptions options = OPTIONS.withMinimumSize(mib << 20).withClusterRule(rule);
        return FatLayout.of(FileTree.empty(), options).geometry().sectorsPerCluster();
    }

    @Test
    void largeVolumesTakeNoMemory() throws IOException {
        ByteSource large =
                ByteSource.concat(List.of(ByteSource.zeros(0xFFFFFFFFL - 3), ByteSource.of(new byte[] {1, 2, 3})));
        FileTree tree = new TreeBuilder(TIME)
                .file("a/large.img", 0644, large)
                .file("b/large.img", 0644, large)
                .build();
        FatLayout layout = FatLayout.of(tree, OPTIONS.withMinimumSize(40L << 30));
        FileTree read = FatReader.read(layout.image());
        ByteSource found = ((Entry.RegularFile) Objects.requireNonNull(read.get("b/large.img"))).content();
        assertEquals(large.size(), found.size());
        assertArrayEquals(new byte[] {1, 2, 3}, found.read("test", found.size() - 3, 3));
    }

    @Test
    void namesOfAllScriptsComeBack() throws IOException {
        FileTree tree = new TreeBuilder(TIME)
                .file("rocket \uD83D\uDE80", 0644, "1")
                .file("n".repeat(255), 0644, "2")
                .file("read.only", 0444, "3")
                .build();
        FileTree read = FatReader.read(FatLayout.of(tree, OPTIONS).image());
        assertEquals(
                tree.entries().stream().map(Entry::path).toList(),
                read.entries().stream().map(Entry::path).toList());
        assertEquals(
                0444, Objects.requireNonNull(read.get("read.only")).attributes().permissions());
        assertEquals(
                TIME, Objects.requireNonNull(read.get("read.only")).attributes().modified());
    }

    @Test
    void shortNamesFollowTheRules() throws IOException {
        var names = FatName.assign(List.of(
                "BOOTX64.EFI",
                "loader.conf",
                "lower.TXT",
                "Mixed.txt",
                "talos-~1.txt",
                "talos-v1.11.5.txt",
                ".hidden"));
        assertEquals("FatName[shortName=BOOTX64 EFI, caseBits=0, longName=null]", text(names.get("BOOTX64.EFI")));
        assertEquals(
                "FatName[shortName=LOADER~1CON, caseBits=0, longName=loader.conf]", text(names.get("loader.conf")));
        assertEquals("FatName[shortName=LOWER   TXT, caseBits=8, longName=null]", text(names.get("lower.TXT")));
        assertEquals("FatName[shortName=MIXED   TXT, caseBits=0, longName=Mixed.txt]", text(names.get("Mixed.txt")));
        assertEquals("FatName[shortName=TALOS-~1TXT, caseBits=24, longName=null]", text(names.get("talos-~1.txt")));
        assertEquals(
                "FatName[shortName=TALOS-~2TXT, caseBits=0, longName=talos-v1.11.5.txt]",
                text(names.get("talos-v1.11.5.txt")));
        assertEquals("FatName[shortName=HIDDEN~1   , caseBits=0, longName=.hidden]", text(names.get(".hidden")));
    }

    private static String text(@org.jspecify.annotations.Nullable FatName name) {
        return String.valueOf(name);
    }

    @Test
    void whatCannotBeHeldIsNamed() throws IOException {
        refused("FAT: b: cannot hold a symbolic link", new TreeBuilder(TIME).symlink("b", "a"));
        refused(
                "FAT: x/readme: differs from README only in case",
                new TreeBuilder(TIME).file("x/README", 0644, "").file("x/readme", 0644, ""));
        refused("FAT: a:b: a name cannot contain the character U+003A", new TreeBuilder(TIME).file("a:b", 0644, ""));
        refused("FAT: dot.: a name cannot end with a dot or a space", new TreeBuilder(TIME).file("dot.", 0644, ""));
        refused(
                "FAT: big: 4294967296 bytes; the limit is 4294967295",
                new TreeBuilder(TIME).file("big", 0644, ByteSource.zeros(1L << 32)));
    }

    private static void refused(String text, TreeBuilder tree) throws IOException {
        FileTree built = tree.build();
        var refused = assertThrows(LimitException.class, () -> FatLayout.of(built, OPTIONS));
        assertEquals(text, refused.getMessage());
    }

    @Test
    void brokenVolumesAreRefusedAndNothingWorse() throws IOException {
        FileTree tree = new TreeBuilder(TIME)
                .file("a/b/a long name.txt", 0644, "content")
                .file("a/second", 0644, ByteSource.zeros(9000))
                .directory("c", 0755)
                .build();
        FatLayout layout = FatLayout.of(tree, OPTIONS.withType(FatType.FAT16));
        byte[] good = layout.image().readAll("test", 1 << 24);
        int table = layout.geometry().reservedSectors() * 512;
        int root = (int) layout.geometry().rootSector() * 512;
        int data = (int) layout.geometry().firstDataSector() * 512;
        int[][] places = {{0, 64}, {table, 64}, {root, 256}, {data, 6 * 2048}};
        Random random = new Random(42);
        for (int i = 0; i < 1200; i++) {
            int[] place = places[i % places.length];
            int at = place[0] + random.nextInt(place[1]);
            byte before = good[at];
            good[at] ^= (byte) (1 << random.nextInt(8));
            readOrRefuse(ByteSource.of(good));
            good[at] = before;
        }
        for (int length = 0; length < data + 16384; length += 1531) {
            readOrRefuse(ByteSource.of(good).slice(0, length));
        }
    }

    private static void readOrRefuse(ByteSource image) throws IOException {
        try {
            FatReader.read(image);
        } catch (FormatException expected) {
            assertTrue(expected.offset() >= 0, expected::getMessage);
        }
    }

    @Test
    void tablesInDocsMatch() throws IOException {
        String docs = Files.readString(Path.of("docs/formats/fat.md"));
        for (FatType type : FatType.values()) {
            FatGeometry geometry =
                    FatLayout.of(FileTree.empty(), OPTIONS.withType(type)).geometry();
            assertInDocs(docs, new BootSector(geometry, 1, "EFI").encode().layout());
        }
        assertInDocs(docs, new FsInfo(1, 2).encode().layout());
        DirectoryEntry entry = DirectoryEntry.labelled("EFI", FatTime.of(TIME, ""));
        assertInDocs(docs, entry.encode().layout());
        assertInDocs(docs, entry.longPart(1, new byte[26]).layout());
    }

    private static void assertInDocs(String docs, List<Field> layout) {
        StringBuilder table = new StringBuilder("| offset | size | field |\n| ---: | ---: | --- |\n");
        layout.forEach(f -> table.append("| %d | %d | %s |\n".formatted(f.offset(), f.size(), f.name())));
        assertTrue(docs.contains(table), () -> "docs/formats/fat.md lacks\n" + table);
    }
}
