package dev.talosforge.format.squashfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarTree;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SELinux labels on every kind of file, both ways between us and the field's tools. */
class SquashfsLabelsTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final String STATE = "system_u:object_r:system_state_t:s0";
    private static final String WITH_END = "system_u:object_r:bin_t:s0\0";

    @TempDir
    Path dir;

    /** As long as {@code many} says: more sets than one metadata block has, and values over several. */
    private static FileTree labelled(int many) throws IOException {
        List<Entry> entries = new ArrayList<>(List.of(
                Samples.directory("d"),
                Samples.file("d/a", 0644, Samples.text(5000, 1)),
                Samples.file("d/b", 0644, new byte[0]),
                new Entry.HardLink("d/c", Attributes.root(0644, Samples.TIME), "d/a"),
                new Entry.Symlink("d/link", Attributes.root(0777, Samples.TIME), "a"),
                Samples.directory("plain"),
                Samples.file("plain/f", 0644, Samples.text(100, 2)),
                new Entry.CharDevice("z-char", Attributes.root(0600, Samples.TIME), 1, 3),
                new Entry.BlockDevice("z-disk", Attributes.root(0600, Samples.TIME), 8, 300),
                new Entry.Fifo("z-pipe", Attributes.root(0600, Samples.TIME))));
        for (int i = 0; i < many; i++) {
            entries.add(Samples.file("d/many-%04d".formatted(i), 0644, new byte[] {1}));
        }
        List<Entry> labelled = new ArrayList<>();
        for (Entry entry : entries) {
            String label = entry.path().startsWith("plain")
                    ? null
                    : entry.path().contains("many-")
                            ? "%s:%s".formatted(STATE, entry.path())
                            : entry.path().equals("d/b") ? WITH_END : STATE;
            labelled.add(entry.withAttributes(entry.attributes().withLabel(label)));
        }
        return FileTree.of(labelled);
    }

    static List<SquashfsOptions> written() {
        return SquashfsConformanceTest.written()
                .map(options -> options.withSpecialFiles()
                        .withRoot(Attributes.root(0755, Samples.TIME).withLabel("root_t")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("written")
    void weReadTheLabelsThatWeWrite(SquashfsOptions options) throws Exception {
        FileTree tree = labelled(700);
        SquashfsReader reader = read(write(tree, options));
        assertEquals(labels(tree), labels(reader.tree()));
        assertEquals(options.root(), reader.root());
        assertEquals(Samples.describe(tree), Samples.describe(reader.tree()));
    }

    /** It writes what it found as pax records. */
    @Tag("reference")
    @ParameterizedTest
    @MethodSource("written")
    void sqfs2tarFindsEachLabel(SquashfsOptions options) throws Exception {
        FileTree tree = labelled(700);
        Path image = write(tree, options);
        RequiredTool.named("sh", "dash").run(dir, NOTHING, "-c", "sqfs2tar \"$1\" > out.tar", "sh", image.toString());
        try (InputStream in = Files.newInputStream(dir.resolve("out.tar"))) {
            assertEquals(labels(tree), labels(TarTree.read(in, dir, TarLimits.GENEROUS)));
        }
    }

    @Tag("reference")
    @Test
    void unsquashfsUnpacksEachLabel() throws Exception {
        FileTree tree = labelled(700);
        Path image = write(tree, written().getFirst());
        RequiredTool.named("unsquashfs", "squashfs-tools")
                .run(dir, NOTHING, "-no-progress", "-xattrs", "-strict-errors", "-d", "out", image.toString());
        assertEquals(labels(tree, "root_t"), python("out", """
                for path, label in walk(): print(path, label)
                """));
    }

    /** With another attribute beside it, and equal values, which mksquashfs writes once and points at. */
    @Tag("reference")
    @ParameterizedTest
    @ValueSource(strings = {"-comp zstd -b 4096", "-comp gzip -noI -noX", "-comp xz"})
    void weReadTheLabelsThatMksquashfsWrites(String arguments) throws Exception {
        FileTree tree = labelled(700);
        Path image = write(tree, written().getFirst());
        RequiredTool.named("unsquashfs", "squashfs-tools")
                .run(dir, NOTHING, "-no-progress", "-d", "in", image.toString());
        python("in", """
                import os
                for i, (path, label) in enumerate(walk()):
                    if i % 3 == 0 and not os.path.islink(path):
                        os.setxattr(path, "trusted.a", b"v" * 1000)
                        os.setxattr(path, "trusted.z", bytes([i % 7]) * 300)
                """);
        RequiredTool.named("mksquashfs", "squashfs-tools")
                .run(dir, NOTHING, ("in theirs.sqsh -xattrs -no-progress " + arguments).split(" "));
        SquashfsReader theirs = read(dir.resolve("theirs.sqsh"));
        assertEquals(labels(tree), labels(theirs.tree()));
        assertEquals("root_t", theirs.root().label());
    }

    /** The structure that mksquashfs writes of the same single file, byte by byte. */
    @Tag("reference")
    @Test
    void theTablesAreThoseOfMksquashfs() throws Exception {
        FileTree tree = FileTree.of(List.of(new Entry.RegularFile(
                "f", Attributes.root(0644, Samples.TIME).withLabel(STATE), ByteSource.of(new byte[] {1}))));
        BlockCompressor none = (block, offset, length) -> new byte[length];
        Path ours = write(tree, SquashfsOptions.xz(none, Samples.TIME));
        RequiredTool.named("unsquashfs", "squashfs-tools")
                .run(dir, NOTHING, "-no-progress", "-d", "in", ours.toString());
        RequiredTool.named("mksquashfs", "squashfs-tools")
                .run(dir, NOTHING, "in theirs.sqsh -xattrs -no-progress -comp xz -noI -noX".split(" "));
        assertArrayEquals(xattrs(Files.readAllBytes(dir.resolve("theirs.sqsh"))), xattrs(Files.readAllBytes(ours)));
    }

    /** From the names to the end, the absolute positions made relative. */
    private static byte[] xattrs(byte[] image) {
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) in.getLong(56);
        int start = (int) in.getLong(header);
        in.putLong(header, 0);
        in.putLong(header + 16, in.getLong(header + 16) - start);
        return Arrays.copyOfRange(image, start, (int) in.getLong(40));
    }

    @Test
    void withoutLabelsThereIsNoTable() throws Exception {
        byte[] image = Files.readAllBytes(
                write(FileTree.of(Samples.everything(1 << 12)), SquashfsOptions.zstd(Zstd.blocks(), 3, 0)));
        assertEquals(
                Superblock.ABSENT,
                ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getLong(56));
    }

    @Test
    void cutImagesWithLabelsAreFormatExceptions() throws Exception {
        byte[] image = Files.readAllBytes(write(
                labelled(3),
                SquashfsOptions.xz(Xz.blocks(1 << 12), 0).withBlockSize(1 << 12).withSpecialFiles()));
        int used = (int) ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getLong(40);
        for (int cut = 0; cut < used; cut += 5) {
            byte[] part = Arrays.copyOf(image, cut);
            assertThrows(FormatException.class, () -> open(part), "cut at " + cut);
            // and where the superblock says so
            byte[] shorter = part.length < Superblock.SIZE ? part : part.clone();
            if (cut >= Superblock.SIZE) {
                ByteBuffer.wrap(shorter).order(ByteOrder.LITTLE_ENDIAN).putLong(40, cut);
            }
            assertThrows(FormatException.class, () -> open(shorter), "ended at " + cut);
        }
    }

    /** Stored without compression, so that flipped bits reach the tables. */
    @Test
    void flippedBitsInLabelsAreRefusedOrHarmless() throws Exception {
        BlockCompressor none = (block, offset, length) -> new byte[length];
        byte[] image = Files.readAllBytes(write(
                labelled(3), SquashfsOptions.xz(none, 0).withBlockSize(1 << 12).withSpecialFiles()));
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int used = (int) in.getLong(40);
        int start = (int) in.getLong((int) in.getLong(56));
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] flipped = image.clone();
            int at = i % 16 == 0 ? 56 + random.nextInt(8) : start + random.nextInt(used - start);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            try {
                open(flipped);
            } catch (FormatException | LimitException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000, "refused " + refused);
    }

    @Test
    void aMissingAttributeIsReported() throws Exception {
        BlockCompressor none = (block, offset, length) -> new byte[length];
        byte[] image = Files.readAllBytes(
                write(labelled(0), SquashfsOptions.xz(none, 0).withSpecialFiles()));
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        in.putInt((int) in.getLong(56) + 8, 1);
        String reported = String.valueOf(
                assertThrows(FormatException.class, () -> open(image)).getMessage());
        assertTrue(reported.endsWith("xattr is 1 of 1"), reported);
    }

    private String labels(FileTree tree, String root) {
        StringBuilder lines = new StringBuilder(". %s\n".formatted(repr(root)));
        labels(tree)
                .forEach((path, label) ->
                        lines.append("%s %s\n".formatted(path, label.equals("null") ? "None" : repr(label))));
        return lines.toString();
    }

    private static String repr(String label) {
        return "b'%s'".formatted(label.replace("\0", "\\x00"));
    }

    /** Hard links have their file's. */
    private static SortedMap<String, String> labels(FileTree tree) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (Entry entry : tree.entries()) {
            Entry shown = entry instanceof Entry.HardLink link ? tree.get(link.target()) : entry;
            labels.put(
                    entry.path(),
                    shown == null ? "lost" : String.valueOf(shown.attributes().label()));
        }
        return labels;
    }

    private String python(String folder, String script) throws Exception {
        return RequiredTool.named("python3", "python3").run(dir.resolve(folder), NOTHING, "-c", """
                import os
                def label(path):
                    try: return os.getxattr(path, "security.selinux", follow_symlinks=False)
                    except OSError: return None
                def walk():
                    paths = ["."]
                    for top, dirs, files in os.walk("."):
                        paths += [os.path.join(top, name)[2:] for name in dirs + files]
                    return [(path, label(path)) for path in sorted(paths)]
                """ + script);
    }

    private Path write(FileTree tree, SquashfsOptions options) throws Exception {
        Path image = dir.resolve("ours.sqsh");
        new SquashfsWriter(options, Runnable::run).write(tree, image);
        return image;
    }

    private static SquashfsReader read(Path image) throws Exception {
        return SquashfsReader.open(ByteSource.of(image), Samples::decompressor);
    }

    private static void open(byte[] image) throws IOException {
        SquashfsReader.open(ByteSource.of(image), Samples::decompressor);
    }
}
