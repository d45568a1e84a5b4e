package dev.talosforge.format.squashfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SquashfsLimitsTest {
    private static final SquashfsOptions ZSTD =
            SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, Samples.TIME).withBlockSize(1 << 12);

    @TempDir
    Path dir;

    @Test
    void devicesAreRefusedByName() {
        assertEquals(
                "squashfs: console: is a device node, which is not allowed here",
                refusal(new Entry.CharDevice("console", Attributes.root(0600, 0), 5, 1)));
        assertEquals(
                "squashfs: pipe: is a named pipe, which is not allowed here",
                refusal(new Entry.Fifo("pipe", Attributes.root(0600, 0))));
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        ByteSource none = ByteSource.empty();
        assertEquals(
                "squashfs: f: owner 4294967296; the format holds 0 to 4294967295",
                refusal(new Entry.RegularFile("f", new Attributes(0644, 1L << 32, 0, 0), none)));
        assertEquals(
                "squashfs: f: modification time -1; the format holds 0 to 4294967295",
                refusal(new Entry.RegularFile("f", new Attributes(0644, 0, 0, -1), none)));
        assertEquals(
                "squashfs: l: a target of 0 bytes; the limits are 1 to 65535",
                refusal(new Entry.Symlink("l", Attributes.root(0777, 0), "")));
        assertEquals(
                "squashfs: a\ud800: a name that is not Unicode text",
                refusal(new Entry.RegularFile("a\ud800", Attributes.root(0644, 0), none)));
    }

    @Test
    void aFileThatChangesMeanwhileFailsAndLeavesNothing() throws Exception {
        ByteSource shorter = new ByteSource() {
            @Override
            public long size() {
                return 10_000;
            }

            @Override
            public InputStream openAt(long offset) throws IOException {
                return ByteSource.zeros(9_999).openAt(offset);
            }
        };
        FileTree tree = FileTree.of(List.of(new Entry.RegularFile("f", Attributes.root(0644, 0), shorter)));
        Path image = dir.resolve("out.sqsh");
        IOException failure =
                assertThrows(IOException.class, () -> new SquashfsWriter(ZSTD, Runnable::run).write(tree, image));
        assertEquals(
                "source changed while it was being read: it no longer has the expected 10000 bytes",
                failure.getMessage());
        assertFalse(Files.exists(image));
    }

    @Test
    void filesBeyondFourGigabytesAndWindowsIntoThem() throws Exception {
        long size = (4L << 30) + 12345;
        byte[] mark = Samples.noise(300_000, 5);
        ByteSource large = ByteSource.concat(
                List.of(ByteSource.zeros(size - mark.length - 99), ByteSource.of(mark), ByteSource.zeros(99)));
        FileTree tree = FileTree.of(List.of(new Entry.RegularFile("large", Attributes.root(0644, 0), large)));
        Path image = dir.resolve("out.sqsh");
        new SquashfsWriter(ZSTD.withBlockSize(1 << 20), Runnable::run).write(tree, image);

        ByteSource read = file(open(Files.readAllBytes(image)), "large");

        assertEquals(size, read.size());
        for (long at : new long[] {0, 1, (1 << 20) - 1, size - mark.length - 100, size - 1, size}) {
            int length = (int) Math.min(200_000, size - at);
            assertArrayEquals(large.read("x", at, length), read.read("x", at, length));
        }
        assertTrue(Files.size(image) < 400_000);
    }

    @Test
    void equalFilesAreStoredOnce() throws Exception {
        byte[] content = Samples.noise(50_000, 5);
        Path one = dir.resolve("one");
        Path two = dir.resolve("two");
        SquashfsWriter writer = new SquashfsWriter(ZSTD, Runnable::run);
        writer.write(FileTree.of(List.of(Samples.file("a", 0644, content))), one);
        writer.write(FileTree.of(List.of(Samples.file("a", 0644, content), Samples.file("b", 0600, content))), two);
        assertEquals(Files.size(one), Files.size(two));
    }

    @Test
    void unknownAndUnsupportedCompressionsAreReported() throws Exception {
        byte[] image = small();
        image[20] = 5;
        assertEquals(
                "squashfs superblock at offset 20 (0x14): lz4 compression is not supported",
                assertThrows(FormatException.class, () -> open(image)).getMessage());
        image[20] = 9;
        assertEquals(
                "squashfs superblock at offset 20 (0x14): compression is 9, which is not 1 to 6",
                assertThrows(FormatException.class, () -> open(image)).getMessage());
    }

    @Test
    void cutImagesAreFormatExceptions() throws Exception {
        byte[] image = small();
        int used = (int) ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getLong(40);
        for (int cut = 0; cut < used; cut += 11) {
            byte[] part = Arrays.copyOf(image, cut);
            assertThrows(FormatException.class, () -> readAll(part), "cut at " + cut);
        }
    }

    /** Stored without compression, so that flipped bits reach the tables instead of failing a codec's checks. */
    @Test
    void flippedBitsAreRefusedOrHarmless() throws Exception {
        BlockCompressor none = (block, offset, length) -> new byte[length];
        SquashfsOptions raw = SquashfsOptions.xz(none, Samples.TIME).withBlockSize(1 << 12);
        for (byte[] image : List.of(small(), image(raw))) {
            int used =
                    (int) ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getLong(40);
            Random random = new Random(3);
            int refused = 0;
            for (int i = 0; i < 3000; i++) {
                byte[] flipped = image.clone();
                // the tables at the end are where it gets interesting
                int at = i % 4 == 0 ? random.nextInt(used) : used - 1 - random.nextInt(Math.min(used, 1500));
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                try {
                    readAll(flipped);
                } catch (FormatException | LimitException expected) {
                    refused++;
                }
            }
            assertTrue(refused > 300, "refused " + refused);
        }
    }

    private String refusal(Entry entry) {
        LimitException failure = assertThrows(
                LimitException.class,
                () -> new SquashfsWriter(ZSTD, Runnable::run)
                        .write(FileTree.of(List.of(entry)), dir.resolve("out.sqsh")));
        return String.valueOf(failure.getMessage());
    }

    private byte[] small() throws IOException {
        return image(SquashfsOptions.xz(Xz.blocks(1 << 12), Samples.TIME).withBlockSize(1 << 12));
    }

    private byte[] image(SquashfsOptions options) throws IOException {
        FileTree tree = FileTree.of(List.of(
                Samples.directory("d"),
                Samples.directory("d/e"),
                Samples.file("d/e/f", 0644, Samples.text(100, 1)),
                Samples.file("d/g", 0644, Samples.text(9000, 1)),
                new Entry.HardLink("d/h", Attributes.root(0644, 0), "d/g"),
                new Entry.Symlink("l", Attributes.root(0777, 0), "d/e/f")));
        Path file = dir.resolve("small.sqsh");
        new SquashfsWriter(options, Runnable::run).write(tree, file);
        return Files.readAllBytes(file);
    }

    private static SquashfsReader open(byte[] image) throws IOException {
        return SquashfsReader.open(ByteSource.of(image), Samples::decompressor);
    }

    /** Up to a limit: a flipped bit may well make a file of zeros huge. */
    private static void readAll(byte[] image) throws IOException {
        for (Entry entry : open(image).tree().entries()) {
            if (entry instanceof Entry.RegularFile file) {
                try (InputStream in = file.content().open()) {
                    in.readNBytes(1 << 20);
                }
            }
        }
    }

    private static ByteSource file(SquashfsReader reader, String path) {
        if (reader.tree().get(path) instanceof Entry.RegularFile file) {
            return file.content();
        }
        throw new AssertionError("no file: " + path);
    }
}
