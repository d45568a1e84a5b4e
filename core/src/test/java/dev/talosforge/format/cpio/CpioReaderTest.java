package dev.talosforge.format.cpio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Field;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpioReaderTest {
    private static final Attributes ROOT = new Attributes(0755, 0, 0, 1_700_000_000);
    private static final String LONG = "n".repeat(250) + "/" + "m".repeat(250);

    private static final List<Entry> EVERYTHING = List.of(
            new Entry.RegularFile("a", ROOT, text("shared")),
            new Entry.HardLink("b", ROOT, "a"),
            new Entry.HardLink("c", ROOT, "a"),
            new Entry.Directory("dev", ROOT),
            new Entry.CharDevice("dev/console", new Attributes(0600, 0, 5, 0), 5, 1),
            new Entry.BlockDevice("dev/disk", new Attributes(0660, 0, 6, 0), 259, 1_000_000),
            new Entry.Fifo("dev/initctl", new Attributes(0600, 0, 0, 0)),
            new Entry.Directory("n".repeat(250), ROOT),
            new Entry.RegularFile(LONG, ROOT, text("odd")),
            new Entry.Symlink("s", new Attributes(0777, 0, 0, 0), "t".repeat(300)));

    /** Row 11: in the archive are the bytes. */
    @Test
    void namesMayBeAnyBytes() throws Exception {
        ByteSource archive = CpioArchive.source(List.of(new Entry.Symlink(
                "Z\udcfcrich", new dev.talosforge.tree.Entry.Attributes(0777, 0, 0, 0), "t\udce4rget")));
        String bytes = new String(archive.readAll("cpio", 1 << 12), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertEquals(true, bytes.contains("Z\u00fcrich\0") && bytes.contains("t\u00e4rget"));
        Entry read = CpioReader.read(archive).entries().getFirst();
        assertEquals("Z\udcfcrich -> t\udce4rget", read.path() + " -> " + ((Entry.Symlink) read).target());
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        ByteSource archive = CpioArchive.source(EVERYTHING);
        CpioContents contents = CpioReader.read(archive);
        assertEquals(archive.size(), contents.end());
        assertEquals(1, contents.archives());
        assertEquals(describe(EVERYTHING), describe(contents.entries()));
    }

    @Tag("reference")
    @Test
    void gnuCpioUnpacksEverything(@TempDir Path dir) throws Exception {
        RequiredTool cpio = RequiredTool.named("cpio", "cpio");
        Path archive = write(dir, CpioArchive.source(EVERYTHING, 512));
        assertEquals(0, Files.size(archive) % 512);

        String listing = cpio.run(dir, archive, "-itv", "--numeric-uid-gid", "--quiet")
                .replaceAll(" +", " ")
                .replace("m".repeat(250), "M")
                .replace("n".repeat(250), "N")
                .replace("t".repeat(300), "T");
        assertEquals("""
                -rwxr-xr-x 3 0 0 0 Nov 14 2023 a
                -rwxr-xr-x 3 0 0 0 Nov 14 2023 b
                -rwxr-xr-x 3 0 0 6 Nov 14 2023 c
                drwxr-xr-x 2 0 0 0 Nov 14 2023 dev
                crw------- 1 0 5 5, 1 Jan 1 1970 dev/console
                brw-rw---- 1 0 6 259, 1000000 Jan 1 1970 dev/disk
                prw------- 1 0 0 0 Jan 1 1970 dev/initctl
                drwxr-xr-x 2 0 0 0 Nov 14 2023 N
                -rwxr-xr-x 1 0 0 3 Nov 14 2023 N/M
                lrwxrwxrwx 1 0 0 300 Jan 1 1970 s -> T
                """, listing);

        Path out = Files.createDirectory(dir.resolve("out"));
        cpio.run(out, archive, "-id", "--quiet", "--no-preserve-owner", "[abcns]*");
        assertEquals("shared", Files.readString(out.resolve("b")));
        assertEquals(3, Files.getAttribute(out.resolve("a"), "unix:nlink"));
        assertEquals("odd", Files.readString(out.resolve(LONG)));
        assertEquals("t".repeat(300), Files.readSymbolicLink(out.resolve("s")).toString());
    }

    @Tag("reference")
    @Test
    void readsWhatGnuCpioWrites(@TempDir Path dir) throws Exception {
        RequiredTool cpio = RequiredTool.named("cpio", "cpio");
        Files.createDirectory(dir.resolve("d"));
        Files.writeString(dir.resolve("d/file"), "hello");
        Files.createLink(dir.resolve("d/link"), dir.resolve("d/file"));
        Files.createSymbolicLink(dir.resolve("d/soft"), Path.of("file"));
        Path names = Files.writeString(dir.resolve("names"), ".\nd\nd/file\nd/link\nd/soft\n");
        for (String format : List.of("newc", "crc")) {
            cpio.run(dir, names, "-o", "-H", format, "--quiet", "--reproducible", "-F", format + ".cpio");
            List<Entry> entries = CpioReader.read(ByteSource.of(dir.resolve(format + ".cpio")))
                    .entries();
            assertEquals(
                    List.of(".", "d", "d/file", "d/link", "d/soft"),
                    entries.stream().map(Entry::path).toList());
            Entry.RegularFile file = assertInstanceOf(Entry.RegularFile.class, entries.get(2));
            assertEquals("hello", new String(file.content().readAll("file", 100), UTF_8));
            assertEquals(
                    "d/file",
                    assertInstanceOf(Entry.HardLink.class, entries.get(3)).target());
            assertEquals(
                    "file",
                    assertInstanceOf(Entry.Symlink.class, entries.get(4)).target());
        }
        cpio.run(dir, names, "-o", "-H", "odc", "--quiet", "-F", "odc.cpio");
        FormatException old =
                assertThrows(FormatException.class, () -> CpioReader.read(ByteSource.of(dir.resolve("odc.cpio"))));
        assertEquals(
                "cpio header at offset 0 (0x0): unsupported cpio archive: old ASCII (odc); only newc is supported",
                old.getMessage());
    }

    @Test
    void saysWhereACompressedSegmentBegins() throws Exception {
        ByteSource first = CpioArchive.source(EVERYTHING.subList(0, 3), 512);
        ByteSource second = CpioArchive.source(EVERYTHING.subList(3, 5));
        byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 1, 2};
        ByteSource all = ByteSource.concat(
                List.of(first, ByteSource.zeros(1024), second, ByteSource.zeros(3), ByteSource.of(zstd)));
        CpioContents contents = CpioReader.read(all);
        assertEquals(2, contents.archives());
        assertEquals(all.size() - zstd.length, contents.end());
        assertEquals(5, contents.entries().size());
        assertEquals(0, CpioReader.read(ByteSource.of(zstd)).end());
    }

    @Test
    void refusesWhatTheKernelRefuses() throws Exception {
        ByteSource one = CpioArchive.source(EVERYTHING.subList(0, 1));
        ByteSource unaligned = ByteSource.concat(List.of(one, ByteSource.zeros(2), one));
        FormatException failure = assertThrows(FormatException.class, () -> CpioReader.read(unaligned));
        assertEquals(
                "cpio archive at offset 246 (0xf6): the kernel refuses an archive that does not start at a multiple of 4 bytes",
                failure.getMessage());
    }

    @Test
    void refusesNamesThatLeaveTheRoot() throws Exception {
        byte[] archive = CpioArchive.source(List.of(new Entry.Directory("a/../..", ROOT)))
                .readAll("cpio", 4096);
        FormatException failure = assertThrows(FormatException.class, () -> CpioReader.read(ByteSource.of(archive)));
        assertEquals("cpio archive at offset 0 (0x0): the name leaves the root: a/../..", failure.getMessage());
    }

    @Test
    void brokenArchivesAreFormatExceptions() throws Exception {
        byte[] archive = CpioArchive.source(EVERYTHING).readAll("cpio", 1 << 16);
        for (int cut = 0; cut < archive.length; cut++) {
            readOrRefuse(Arrays.copyOf(archive, cut));
        }
        Random random = new Random(2);
        for (int i = 0; i < 3000; i++) {
            byte[] flipped = archive.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            readOrRefuse(flipped);
        }
    }

    @Test
    void structureReadsBack() throws Exception {
        CpioHeader header = new CpioHeader(true, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0xffff_ffffL);
        assertEquals(header, CpioHeader.read(header.toBytes(), 0));
        assertArrayEquals(header.toBytes(), CpioHeader.read(header.toBytes(), 0).toBytes());
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class,
                () -> new CpioHeader(false, 1L << 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).toBytes());
        assertEquals("cpio header field c_ino: 4294967296 does not fit in 8 hexadecimal digits", failure.getMessage());
    }

    @Test
    void documentedLayoutIsTheRealOne() throws Exception {
        Pattern row = Pattern.compile("\\| (\\d+) \\| (\\d+) \\| (\\w+) \\|");
        List<Field> documented = row.matcher(Files.readString(Path.of("docs/formats/cpio.md")))
                .results()
                .map(match ->
                        new Field(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), match.group(3)))
                .toList();
        assertEquals(
                documented,
                new CpioHeader(false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                        .encode()
                        .layout());
    }

    private static void readOrRefuse(byte[] archive) throws Exception {
        try {
            describe(CpioReader.read(ByteSource.of(archive)).entries());
        } catch (FormatException expected) {
            // the only thing that may come out
        }
    }

    private static Path write(Path dir, ByteSource archive) throws Exception {
        return Files.write(dir.resolve("ours.cpio"), archive.readAll("cpio", 1 << 20));
    }

    private static ByteSource text(String text) {
        return ByteSource.of(text.getBytes(UTF_8));
    }

    private static String describe(List<Entry> entries) throws Exception {
        StringBuilder out = new StringBuilder();
        for (Entry entry : entries) {
            out.append(
                    entry instanceof Entry.RegularFile file
                            ? file.path()
                                    + file.attributes()
                                    + new String(file.content().readAll("file", 1 << 20), UTF_8)
                            : entry.toString());
            out.append('\n');
        }
        return out.toString();
    }
}
