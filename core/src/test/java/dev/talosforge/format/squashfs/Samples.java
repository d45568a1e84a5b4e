package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Made-up trees that are the same in every run, and codecs to read images with. */
final class Samples {
    static final long TIME = 1_700_000_000L;
    static final int BLOCK = SquashfsOptions.DEFAULT_BLOCK_SIZE;

    private Samples() {}

    /** Compresses to about half. */
    static byte[] text(int size, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i >= 64 && random.nextInt(4) != 0 ? bytes[i - 64] : 'a' + random.nextInt(26));
        }
        return bytes;
    }

    /** Does not compress. */
    static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Entry.RegularFile file(String path, int permissions, byte[] content) {
        return new Entry.RegularFile(path, new Attributes(permissions, 0, 0, TIME), ByteSource.of(content));
    }

    static Entry.Directory directory(String path) {
        return new Entry.Directory(path, new Attributes(0755, 0, 0, TIME));
    }

    /** Everything switched on at once, except devices; {@code block} decides which sizes are interesting. */
    static List<Entry> everything(int block) {
        List<Entry> entries = new ArrayList<>();
        entries.add(directory("many"));
        for (int i = 0; i < 700; i++) {
            String name = "many/%05d%s".formatted(i, "-long".repeat(30));
            entries.add(file(name, 0600 | (i % 64), text(i % 7, i)));
        }
        entries.add(directory("empty"));
        entries.add(new Entry.Directory("sticky", new Attributes(01777, 1000, 1001, TIME + 5)));
        entries.add(directory("sizes"));
        for (int size : new int[] {0, 1, block - 1, block, block + 1, 2 * block, 3 * block - 7}) {
            entries.add(file("sizes/text-" + size, 0644, text(size, size)));
            entries.add(file("sizes/noise-" + size, 0644, noise(size, size)));
        }
        byte[] sparse = new byte[5 * block + 100];
        System.arraycopy(noise(50, 1), 0, sparse, 2 * block + 10, 50);
        entries.add(file("sizes/sparse", 0444, sparse));
        entries.add(file("sizes/all-zero", 0444, new byte[3 * block]));
        entries.add(file("sizes/copy", 0444, text(3 * block - 7, 3L * block - 7)));
        entries.add(file("sizes/small-copy", 0444, text(block - 1, block - 1L)));
        entries.add(directory("links"));
        entries.add(directory("bytes"));
        for (String name : List.of("Z\udcfcrich", "z\u00e9", "\udc80", "\udcc3", "\udcff", "\ud83d\ude00")) {
            entries.add(file("bytes/" + name, 0644, text(5, name.hashCode()))); // not UTF-8, and beside it
        }
        entries.add(new Entry.Symlink("bytes/link", new Attributes(0777, 0, 0, TIME), "Z\udcfcrich"));
        entries.add(new Entry.HardLink("links/a", new Attributes(04755, 7, 8, TIME), "zz-tool"));
        entries.add(new Entry.HardLink("links/b", new Attributes(04755, 7, 8, TIME), "zz-tool"));
        entries.add(new Entry.RegularFile(
                "zz-tool", new Attributes(04755, 7, 8, TIME), ByteSource.of(noise(block + 5, 9))));
        entries.add(new Entry.Symlink("links/absolute", new Attributes(0777, 0, 0, TIME), "/usr/bin/x"));
        entries.add(new Entry.Symlink("links/long", new Attributes(0777, 0, 0, 0), "d/".repeat(1000) + "x"));
        entries.add(file("Grüße ☃ 𝄞", 0644, text(10, 10)));
        entries.add(file("n".repeat(255), 0644, text(11, 11)));
        String deep = "deep";
        entries.add(directory(deep));
        for (int i = 0; i < 60; i++) {
            deep += "/" + i;
            entries.add(directory(deep));
        }
        entries.add(new Entry.RegularFile(
                deep + "/end", new Attributes(0, 0xffff_fffeL, 65534, 0xffff_ffffL), ByteSource.of(text(100, 3))));
        return entries;
    }

    static List<Entry> devices() {
        return List.of(
                new Entry.CharDevice("console", new Attributes(0600, 0, 0, TIME), 5, 1),
                new Entry.CharDevice("far", new Attributes(0600, 0, 0, TIME), 4095, 1_048_575),
                new Entry.BlockDevice("disk", new Attributes(0660, 0, 6, TIME), 259, 300),
                new Entry.Fifo("pipe", new Attributes(0640, 0, 0, TIME)));
    }

    /** All that the reader may be asked for; gzip stands for what the kernel calls that, zlib. */
    static @Nullable BlockDecompressor decompressor(CompressionId id) {
        return switch (id) {
            case GZIP -> Samples::inflate;
            case XZ -> Xz.decodeBlocks();
            case ZSTD -> Zstd.decodeBlocks();
            case LZMA, LZO, LZ4 -> null;
        };
    }

    private static byte[] inflate(byte[] block, int offset, int length, int limit) throws FormatException {
        byte[] content = new byte[limit];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(block, offset, length);
            int size = inflater.inflate(content);
            if (!inflater.finished()) {
                throw new FormatException("zlib block", 0, "is cut off or too long");
            }
            return Arrays.copyOf(content, size);
        } catch (DataFormatException e) {
            throw new FormatException("zlib block", 0, "is damaged");
        }
    }

    /**
     * One line for each entry, with a digest of the content; hard links are resolved, as either name may be the first.
     */
    static String describe(FileTree tree) throws IOException {
        TreeMap<String, String> lines = new TreeMap<>(FileTree.WALK_ORDER);
        for (Entry entry : tree.entries()) {
            Entry shown = java.util.Objects.requireNonNull(
                    entry instanceof Entry.HardLink link ? tree.get(link.target()) : entry);
            Attributes a = shown.attributes();
            String kind = switch (shown) {
                case Entry.Directory directory -> "directory";
                case Entry.RegularFile file ->
                    "file %d %s".formatted(file.content().size(), digest(file.content()));
                case Entry.Symlink link -> "link " + link.target();
                case Entry.CharDevice device -> "char %d:%d".formatted(device.major(), device.minor());
                case Entry.BlockDevice device -> "block %d:%d".formatted(device.major(), device.minor());
                case Entry.Fifo fifo -> "fifo";
                case Entry.HardLink link -> throw new IllegalStateException(link.path());
            };
            lines.put(
                    entry.path(),
                    "%s %o %d:%d %d %s".formatted(entry.path(), a.permissions(), a.uid(), a.gid(), a.modified(), kind));
        }
        return String.join("\n", lines.values());
    }

    private static String digest(ByteSource source) throws IOException {
        try (InputStream in = source.open()) {
            byte[] content = in.readAllBytes();
            return content.length + ":"
                    + dev.talosforge.bytes.Sha256.of(content).hex().substring(0, 16);
        }
    }
}
