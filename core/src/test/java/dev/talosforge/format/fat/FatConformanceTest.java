package dev.talosforge.format.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.fat.FatOptions.ClusterRule;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** dosfstools and mtools read what we write, and we read what they write. */
@Tag("reference")
class FatConformanceTest {
    private static final long TIME = 1761000000;
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(FatType.class)
    void dosfstoolsFindNothingWrongAndMtoolsReadEverything(FatType type) throws IOException, InterruptedException {
        FileTree tree = everything();
        Path image = write(FatLayout.of(tree, FatOptions.efiSystemPartition().withType(type)));

        String checked = tool("fsck.vfat", "dosfstools").run(folder, NOTHING, "-vn", image.toString());
        assertTrue(checked.lines().noneMatch(l -> l.contains("differences") || l.contains("wrong")), checked);
        String listed = tool("mdir", "mtools").run(folder, NOTHING, "-/", "-i", image.toString(), "::");
        assertTrue(listed.contains("Volume in drive : is EFI"), listed);
        assertTrue(listed.contains("1234-ABCD"), listed);
        String info = tool("minfo", "mtools").run(folder, NOTHING, "-i", image.toString());
        assertTrue(info.contains("sector size: 512"), info);

        Path out = Files.createDirectory(folder.resolve("out"));
        tool("mcopy", "mtools").run(folder, NOTHING, "-s", "-n", "-i", image.toString(), "::*", out.toString());
        same(tree, DiskTree.read(out));
        same(tree, FatReader.read(ByteSource.of(image)));
    }

    @Test
    void timesOfDayAreUtc() throws IOException, InterruptedException {
        FileTree tree = new TreeBuilder(TIME).file("a.txt", 0644, "x").build();
        Path image = write(FatLayout.of(tree, FatOptions.efiSystemPartition()));
        String listed = tool("mdir", "mtools").run(folder, NOTHING, "-i", image.toString(), "::");
        assertTrue(listed.contains("2025-10-20  22:40"), listed);
    }

    @Test
    void largerClustersAreFineToo() throws IOException, InterruptedException {
        FileTree tree = everything();
        FatOptions options = FatOptions.efiSystemPartition().withMinimumSize(300L << 20);
        Path image = write(FatLayout.of(tree, options));
        tool("fsck.vfat", "dosfstools").run(folder, NOTHING, "-vn", image.toString());
        Files.delete(image);
        Path talos = write(
                FatLayout.of(tree, options.withMinimumSize(107L << 20).withClusterRule(ClusterRule.FEWEST_CLUSTERS)));
        String info = tool("minfo", "mtools").run(folder, NOTHING, "-i", talos.toString());
        assertTrue(info.contains("cluster size: 2 sectors"), info);
        tool("fsck.vfat", "dosfstools").run(folder, NOTHING, "-vn", talos.toString());
    }

    @ParameterizedTest
    @EnumSource(FatType.class)
    void readsWhatMkfsAndMcopyMake(FatType type) throws IOException, InterruptedException {
        FileTree tree = everything();
        Path source = Files.createDirectory(folder.resolve("source"));
        for (Entry entry : tree.entries()) {
            Path path = source.resolve(entry.path());
            if (entry instanceof Entry.RegularFile file) {
                Files.write(path, file.content().readAll("test", 1 << 24));
            } else {
                Files.createDirectory(path);
            }
        }
        Path image = folder.resolve("theirs.img");
        Files.createFile(image);
        String bits = type == FatType.FAT32 ? "32" : "16";
        tool("mkfs.vfat", "dosfstools").run(folder, NOTHING, "-C", "-F", bits, "-n", "EFI", "made.img", "40960");
        List<String> arguments = new ArrayList<>(List.of("-s", "-Q", "-i", "made.img"));
        tree.children(".").forEach(e -> arguments.add(source.resolve(e.path()).toString()));
        arguments.add("::");
        tool("mcopy", "mtools").run(folder, NOTHING, arguments.toArray(String[]::new));
        ByteSource made = ByteSource.of(folder.resolve("made.img"));
        same(tree, FatReader.read(made));
        assertEquals(type, FatReader.volume(made).type());
        assertEquals("EFI", FatReader.volume(made).label());
    }

    /** Everything at once: long and short names, tails, other scripts, empty files, directories of many clusters. */
    static FileTree everything() throws IOException {
        TreeBuilder tree = new TreeBuilder(TIME)
                .file("EFI/BOOT/BOOTX64.EFI", 0755, random(1, 110_001))
                .file("EFI/Linux/Talos-v1.11.5.efi", 0755, random(2, 3_000_000))
                .file("loader/loader.conf", 0644, "timeout 10\n")
                .file("loader/random-seed", 0444, ByteSource.zeros(32))
                .file("empty", 0644, "")
                .directory("nothing in here", 0755)
                .file("names/Readme.txt", 0644, "mixed case")
                .file("names/lower.TXT", 0644, "case bits")
                .file("names/UPPER.txt", 0644, "case bits")
                .file("names/no extension at all", 0644, "blanks")
                .file("names/many.dots.in.it", 0644, "dots")
                .file("names/.hidden", 0644, "dot")
                .file("names/talos-~1.txt", 0644, "looks like a tail")
                .file("names/Ünïcödé 漢字.txt", 0644, "other scripts")
                .file("names/thirteen.char", 0644, "no terminator needed")
                .file("names/" + "n".repeat(240), 0644, "long");
        for (int i = 0; i < 500; i++) {
            tree.file("many/%04d talos file.txt".formatted(i), 0644, "content " + i);
        }
        tree.directory("deep/" + "d/".repeat(20) + "end", 0755);
        return tree.build();
    }

    private static ByteSource random(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return ByteSource.of(bytes);
    }

    private static void same(FileTree expected, FileTree found) throws IOException {
        assertEquals(List.of(), missing(expected, found));
        assertEquals(List.of(), missing(found, expected));
        for (Entry entry : expected.entries()) {
            if (entry instanceof Entry.RegularFile file) {
                Entry.RegularFile other = (Entry.RegularFile) Objects.requireNonNull(found.get(file.path()));
                assertArrayEquals(
                        file.content().readAll("test", 1 << 24), other.content().readAll("test", 1 << 24), file.path());
            }
        }
    }

    private static List<String> missing(FileTree from, FileTree in) {
        return from.entries().stream()
                .map(Entry::path)
                .filter(path -> in.get(path) == null)
                .toList();
    }

    private Path write(FatLayout layout) throws IOException {
        Path path = folder.resolve("ours.img");
        try (OutputStream out = Files.newOutputStream(path)) {
            ByteSink sink = ByteSink.over(out);
            sink.copy(layout.image());
            sink.flush();
        }
        return path;
    }

    private static RequiredTool tool(String name, String debianPackage) {
        return RequiredTool.named(name, debianPackage);
    }
}
