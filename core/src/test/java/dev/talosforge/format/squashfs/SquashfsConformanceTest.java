package dev.talosforge.format.squashfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways: the field's tools read what we write, and we read what they write. */
@Tag("reference")
class SquashfsConformanceTest {
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    static Stream<SquashfsOptions> written() {
        return Stream.of(
                SquashfsOptions.xz(Xz.blocks(Samples.BLOCK), Samples.TIME),
                SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, Samples.TIME),
                SquashfsOptions.zstd(Zstd.blocks(), 15, Samples.TIME).withBlockSize(1 << 20),
                SquashfsOptions.xz(Xz.blocks(1 << 12), Samples.TIME).withBlockSize(1 << 12));
    }

    @ParameterizedTest
    @MethodSource("written")
    void theToolsUnpackWhatWeWrite(SquashfsOptions options) throws Exception {
        RequiredTool unsquashfs = RequiredTool.named("unsquashfs", "squashfs-tools");
        FileTree tree = FileTree.of(Samples.everything(options.blockSize()));
        Path image = write(tree, options, "ours.sqsh");

        unsquashfs.run(dir, NOTHING, "-no-progress", "-no-xattrs", "-d", "out", image.toString());

        assertEquals(Samples.describe(tree), Samples.describe(DiskTree.read(dir.resolve("out"))));
        assertEquals(3, (int) Files.getAttribute(dir.resolve("out/zz-tool"), "unix:nlink"));
        String facts = unsquashfs.run(dir, NOTHING, "-s", image.toString());
        assertTrue(facts.contains("Compression " + options.compression()), facts);
        assertTrue(facts.contains("Block size " + options.blockSize()), facts);
        assertEquals(0, Files.size(image) % 4096);
        theOtherToolsSeeNoDifference(image, options.blockSize());
    }

    /** A second opinion, from another code base: what the reference tool makes of the same files is the same. */
    private void theOtherToolsSeeNoDifference(Path ours, int blockSize) throws Exception {
        RequiredTool mksquashfs = RequiredTool.named("mksquashfs", "squashfs-tools");
        RequiredTool sqfsdiff = RequiredTool.named("sqfsdiff", "squashfs-tools-ng");
        mksquashfs.run(
                dir,
                NOTHING,
                ("out theirs.sqsh -comp zstd -Xcompression-level 1 -no-progress "
                                + "-root-mode 755 -root-uid 0 -root-gid 0 -root-time " + Samples.TIME
                                + " -b " + blockSize)
                        .split(" "));
        assertEquals("", sqfsdiff.run(dir, NOTHING, "-a", ours.toString(), "-b", "theirs.sqsh"));
    }

    @Test
    void theToolsListDevices() throws Exception {
        RequiredTool rdsquashfs = RequiredTool.named("rdsquashfs", "squashfs-tools-ng");
        SquashfsOptions options =
                SquashfsOptions.xz(Xz.blocks(Samples.BLOCK), Samples.TIME).withSpecialFiles();
        Path image = write(FileTree.of(Samples.devices()), options, "ours.sqsh");

        assertEquals("""
                nod console 0600 0 0 c 5 1
                nod disk 0660 0 6 b 259 300
                nod far 0600 0 0 c 4095 1048575
                pipe pipe 0640 0 0
                """, rdsquashfs.run(dir, NOTHING, "--describe", image.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-comp zstd -Xcompression-level 3",
                "-comp zstd -b 4096",
                "-comp zstd -b 1M -always-use-fragments",
                "-comp zstd -no-fragments -no-exports -no-duplicates",
                "-comp xz -Xbcj x86",
                "-comp xz -b 4096",
                "-comp gzip",
                "-comp gzip -noI -noD -noF -noId",
                "-comp zstd -no-sparse -xattrs"
            })
    void weReadWhatMksquashfsWrites(String arguments) throws Exception {
        RequiredTool unsquashfs = RequiredTool.named("unsquashfs", "squashfs-tools");
        RequiredTool mksquashfs = RequiredTool.named("mksquashfs", "squashfs-tools");
        FileTree tree = FileTree.of(Samples.everything(1 << 13));
        Path seed =
                write(tree, SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, 0).withBlockSize(1 << 13), "seed.sqsh");
        unsquashfs.run(dir, NOTHING, "-no-progress", "-d", "in", seed.toString());
        Path devices = Files.writeString(
                dir.resolve("pseudo"), "console c 600 0 0 5 1\ndisk b 660 0 6 259 300\npipe i 640 0 0 f\n");
        List<String> command =
                new ArrayList<>(List.of(unpacked().toString(), "theirs.sqsh", "-no-progress", "-mkfs-time", "99"));
        command.addAll(List.of("-pf", devices.toString(), "-root-mode", "711"));
        command.addAll(List.of(arguments.split(" ")));
        mksquashfs.run(dir, NOTHING, command.toArray(new String[0]));

        SquashfsReader reader = read(dir.resolve("theirs.sqsh"));

        FileTree files = reader.tree()
                .filter(e -> !(e instanceof Entry.CharDevice)
                        && !(e instanceof Entry.BlockDevice)
                        && !(e instanceof Entry.Fifo));
        assertEquals(Samples.describe(tree), Samples.describe(files));
        assertEquals(files.size() + 3, reader.tree().size());
        assertEquals(99, reader.modified());
        assertEquals(0711, reader.root().permissions());
        assertTrue(reader.tree().get("disk") instanceof Entry.BlockDevice(var path, var a, int major, int minor)
                && major == 259
                && minor == 300);
    }

    @Test
    void sameBytesWhateverTheExecutor() throws Exception {
        FileTree tree = FileTree.of(Samples.everything(1 << 14));
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (SquashfsOptions options : List.of(
                    SquashfsOptions.xz(Xz.blocks(1 << 14), Samples.TIME).withBlockSize(1 << 14),
                    SquashfsOptions.zstd(Zstd.blocks(), 3, Samples.TIME).withBlockSize(1 << 14))) {
                new SquashfsWriter(options, pool).write(tree, dir.resolve("parallel.sqsh"));
                Path alone = write(tree, options, "alone.sqsh");
                assertArrayEquals(Files.readAllBytes(alone), Files.readAllBytes(dir.resolve("parallel.sqsh")));
            }
        }
    }

    @Test
    void weReadWhatWeWrite() throws Exception {
        List<Entry> entries = new ArrayList<>(Samples.everything(1 << 12));
        entries.addAll(Samples.devices());
        FileTree tree = FileTree.of(entries);
        SquashfsOptions options = SquashfsOptions.xz(Xz.blocks(1 << 12), Samples.TIME)
                .withBlockSize(1 << 12)
                .withSpecialFiles()
                .withRoot(new Entry.Attributes(01750, 12, 13, 14));

        SquashfsReader reader = read(write(tree, options, "ours.sqsh"));

        assertEquals(Samples.describe(tree), Samples.describe(reader.tree()));
        assertEquals(options.root(), reader.root());
        assertEquals(Samples.TIME, reader.modified());
        assertEquals(1 << 12, reader.blockSize());
        assertEquals(CompressionId.XZ, reader.compression());
    }

    /** A folder with all of {@link Samples#everything}, made once. */
    private Path unpacked() throws Exception {
        Path folder = shared.resolve("in");
        if (!Files.exists(folder)) {
            SquashfsOptions options =
                    SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, 0).withBlockSize(1 << 13);
            Path seed = write(FileTree.of(Samples.everything(1 << 13)), options, "seed.sqsh");
            RequiredTool.named("unsquashfs", "squashfs-tools")
                    .run(dir, NOTHING, "-no-progress", "-d", folder.toString(), seed.toString());
        }
        return folder;
    }

    private Path write(FileTree tree, SquashfsOptions options, String name) throws Exception {
        Path image = dir.resolve(name);
        new SquashfsWriter(options, Runnable::run).write(tree, image);
        return image;
    }

    private static SquashfsReader read(Path image) throws Exception {
        return SquashfsReader.open(ByteSource.of(image), Samples::decompressor);
    }
}
