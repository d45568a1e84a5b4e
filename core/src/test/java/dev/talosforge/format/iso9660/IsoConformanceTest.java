package dev.talosforge.format.iso9660;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** xorriso reads what we write, and we read what it writes. */
@Tag("reference")
class IsoConformanceTest {
    static final long TIME = 1761000000;
    static final IsoLabels LABELS = new IsoLabels("TALOS_V1_11_5", "Talos-v1.11.5", "", "TALOS FORGE", "");
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    private Path folder;

    @Test
    void xorrisoReadsEverything() throws IOException, InterruptedException {
        IsoLayout layout = IsoLayout.of(everything());
        Path image = write(layout);
        IsoGeometry geometry = layout.geometry();

        String report = xorriso(
                "-indev", image.toString(), "-pvd_info", "-report_el_torito", "plain", "-report_system_area", "plain");
        assertTrue(report.contains("Volume Id    : TALOS_V1_11_5"), report);
        assertTrue(report.contains("Volume Set Id: Talos-v1.11.5"), report);
        assertTrue(report.contains("Creation Time: 2025102022400000"), report);
        assertTrue(
                report.lines()
                        .anyMatch(l -> l.startsWith("El Torito boot img :   1  BIOS  y   none  0x0000  0x00      4")),
                report);
        assertTrue(
                report.lines()
                        .anyMatch(l -> l.startsWith("El Torito boot img :   2  UEFI  y   none  0x0000  0x00   4096")),
                report);
        assertTrue(report.contains("/boot/grub/eltorito.img"), report);

        Path out = folder.resolve("out");
        xorriso("-osirrox", "on", "-indev", image.toString(), "-extract", "/", out.toString());
        IsoReader.Volume read = IsoReader.read(ByteSource.of(image));
        same(DiskTree.read(out), read.tree(), false);
        same(everything().tree(), read.tree(), true);
        assertEquals(LABELS, read.labels());
        assertEquals(
                List.of(
                        new BootImage(0, 4, geometry.biosBlock()),
                        new BootImage(0xEF, 4096, geometry.partitionOffset() / 2048)),
                read.bootImages());
        assertEquals(geometry.totalBytes(), Files.size(image));
    }

    @Test
    void readsWhatXorrisoMakes() throws IOException, InterruptedException {
        Path image = write(IsoLayout.of(everything()));
        Path out = folder.resolve("out");
        xorriso("-osirrox", "on", "-indev", image.toString(), "-extract", "/", out.toString());
        Path theirs = folder.resolve("theirs.iso");
        xorriso(
                "-as",
                "mkisofs",
                "-R",
                "-iso-level",
                "3",
                "-V",
                "THEIRS",
                "-b",
                "boot/grub/eltorito.img",
                "-no-emul-boot",
                "-boot-load-size",
                "4",
                "-o",
                theirs.toString(),
                out.toString());
        IsoReader.Volume read = IsoReader.read(ByteSource.of(theirs));
        FileTree made = read.tree()
                .filter(e -> !e.path().equals("boot.catalog") && !e.path().equals("boot.cat"));
        same(DiskTree.read(out).filter(e -> !e.path().equals("boot.catalog")), made, false);
        assertEquals("THEIRS", read.labels().volume());
        assertEquals(1, read.bootImages().size());
    }

    @Test
    void isoinfoAndIsovfyReadIt() throws IOException, InterruptedException {
        Path image = write(IsoLayout.of(everything()));
        String listed =
                RequiredTool.named("isoinfo", "genisoimage").run(folder, NOTHING, "-R", "-l", "-i", image.toString());
        assertTrue(listed.contains("Talos-v1.11.5.efi"), listed);
        assertTrue(listed.contains("relative -> ../boot/./grub/grub.cfg"), listed);
        String described =
                RequiredTool.named("isoinfo", "genisoimage").run(folder, NOTHING, "-d", "-i", image.toString());
        assertTrue(described.contains("Rock Ridge signatures version 1 found"), described);
        assertTrue(described.contains("Eltorito validation header"), described);
        String verified = RequiredTool.named("isovfy", "genisoimage").run(folder, NOTHING, image.toString());
        assertTrue(verified.contains("No errors found"), verified);
        String paths = RequiredTool.named("isoinfo", "genisoimage").run(folder, NOTHING, "-p", "-i", image.toString());
        assertTrue(paths.lines().count() > 460, paths);
    }

    @Test
    void putsBackWhatGenisoimageRelocates() throws IOException, InterruptedException {
        Path deep = folder.resolve("in/1/2/3/4/5/6/7/8/9/10");
        Files.createDirectories(deep);
        Files.writeString(deep.resolve("file.txt"), "deep");
        RequiredTool.named("genisoimage", "genisoimage").run(folder, NOTHING, "-quiet", "-R", "-o", "theirs.iso", "in");
        FileTree tree =
                IsoReader.read(ByteSource.of(folder.resolve("theirs.iso"))).tree();
        assertTrue(tree.get("1/2/3/4/5/6/7/8/9/10/file.txt") instanceof Entry.RegularFile, tree.entries()::toString);
    }

    /** Everything at once: a partition with shared files, both boot images, deep trees, long names, links. */
    static IsoPlan everything() throws IOException {
        byte[] partition = new byte[2 << 20];
        new Random(3).nextBytes(partition);
        TreeBuilder tree = new TreeBuilder(TIME)
                .file("boot/grub/grub.cfg", 0444, "set timeout=3\n")
                .file("EFI/BOOT/BOOTX64.EFI", 0755, random(1, 110_001))
                .file("block", 0644, random(2, 2048))
                .file("empty", 0644, "")
                .directory("nothing in here", 0700)
                .file("names/Readme.TXT", 0644, "mixed case")
                .file("names/readme.txt", 0644, "differs by case")
                .file("names/README", 0644, "no extension")
                .directory("names/readme", 0755)
                .file("names/many.dots.in.it", 0644, "dots")
                .file("names/.hidden", 0600, "dot")
                .file("names/Ünïcödé 漢字 \uD83D\uDE80.txt", 0644, "other scripts")
                .file("names/" + "n".repeat(255), 0644, "long")
                .symlink("links/relative", "../boot/./grub/grub.cfg")
                .symlink("links/absolute", "/usr/lib")
                .symlink("links/root", "/")
                .symlink("links/long", ("x".repeat(255) + "/").repeat(3) + "end")
                .symlink("links/" + "l".repeat(255), "y".repeat(255) + "/z")
                .add(new Entry.RegularFile(
                        "owned", new Attributes(04755, 1000, 65534, TIME - 1), ByteSource.of(new byte[] {1})))
                .add(new Entry.HardLink("links/hard", Attributes.root(0755, TIME), "EFI/BOOT/BOOTX64.EFI"));
        for (int i = 0; i < 400; i++) {
            tree.file("many/talos file with a name that goes on and on %04d.txt".formatted(i), 0644, "content " + i);
            tree.directory("folders/a directory with a rather long name %04d".formatted(i), 0755);
        }
        tree.directory("deep/" + "d/".repeat(60) + "end", 0755);
        Attributes readable = Attributes.root(0444, TIME);
        return IsoPlan.of(tree.build(), LABELS, TIME)
                .withPartition(
                        ByteSource.of(partition),
                        List.of(
                                new SharedFile("boot/vmlinuz", readable, 4096, 300_001),
                                new SharedFile("EFI/Linux/Talos-v1.11.5.efi", readable, 2048, 1_500_000)))
                .withBios(new BiosImage("boot/grub/eltorito.img", 5000, block -> filled(5000, block)), "boot.catalog")
                .withTables(g -> filled(17408, 1), 16896, g -> filled(16896, 2));
    }

    private static byte[] filled(int size, long value) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static ByteSource random(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return ByteSource.of(bytes);
    }

    private static void same(FileTree expected, FileTree found, boolean inOurs) throws IOException {
        assertEquals(List.of(), missing(expected, found));
        if (!inOurs) {
            assertEquals(List.of(), missing(found, expected));
        }
        for (Entry entry : expected.entries()) {
            Entry other = Objects.requireNonNull(found.get(entry.path()));
            assertEquals(entry.attributes().permissions(), other.attributes().permissions(), entry.path());
            if (inOurs || !(entry instanceof Entry.Symlink)) { // xorriso does not restore the time of a link
                assertEquals(entry.attributes().modified(), other.attributes().modified(), entry.path());
            }
            if (entry instanceof Entry.RegularFile file) {
                assertArrayEquals(
                        file.content().readAll("test", 1 << 24),
                        ((Entry.RegularFile) other).content().readAll("test", 1 << 24),
                        file.path());
            } else if (entry instanceof Entry.Symlink link) {
                assertEquals(link.target(), ((Entry.Symlink) other).target(), link.path());
            }
        }
    }

    private static List<String> missing(FileTree from, FileTree in) {
        return from.entries().stream()
                .map(Entry::path)
                .filter(path -> in.get(path) == null)
                .toList();
    }

    private Path write(IsoLayout layout) throws IOException {
        Path path = folder.resolve("ours.iso");
        try (OutputStream out = Files.newOutputStream(path)) {
            ByteSink sink = ByteSink.over(out);
            sink.copy(layout.image());
            sink.flush();
        }
        return path;
    }

    private String xorriso(String... arguments) throws IOException, InterruptedException {
        String output = RequiredTool.named("xorriso", "xorriso").run(folder, NOTHING, arguments);
        assertTrue(
                output.lines().noneMatch(l -> l.contains("FAILURE") || l.contains("SORRY") || l.contains("WARNING")),
                output);
        return output;
    }
}
