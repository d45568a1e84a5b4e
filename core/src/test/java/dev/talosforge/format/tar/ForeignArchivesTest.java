package dev.talosforge.format.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that GNU tar and bsdtar wrote: sparse files, names that are not UTF-8. */
class ForeignArchivesTest {
    private static final String LONG = "long" + "x".repeat(100) + "/s2";

    /** Row 13, and each form of it. */
    @ParameterizedTest
    @ValueSource(strings = {"sparse-gnu-old", "sparse-gnu-0.0", "sparse-gnu-0.1", "sparse-gnu-1.0", "sparse-bsdtar"})
    void sparseFilesComeWholeInEveryForm(String name, @TempDir Path dir) throws Exception {
        byte[] archive = archive(name);
        FileTree tree = read(archive, dir);
        assertEquals(
                List.of("hole", LONG.replace("/s2", ""), LONG, "plain", "s"),
                tree.entries().stream().map(Entry::path).toList());
        assertEquals("62d122615be3d8895b04981852f96cf59f2d7176bc603c87b9916e23984b645b", digest(tree, "s"));
        assertEquals("30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58", digest(tree, "hole"));
        assertEquals("dacf36547c7774a0a170806363b5d412991fbc0d6260b2c00b1d3a80a816c23f", digest(tree, "plain"));
        assertEquals("5de162d1be0f78101ae1eba063e170289fde245b93c062b587f6c0ac387800d0", digest(tree, LONG));

        List<String> views = new ArrayList<>();
        TarReader reader = new TarReader(new ByteArrayInputStream(archive), TarLimits.GENEROUS);
        for (TarMember member = reader.next(); member != null; member = reader.next()) {
            if (member.kind() == TarMember.Kind.FILE) { // unread: the next one is found all the same
                views.add(Sha256.of(member.contentIn(ByteSource.of(archive))).hex());
            }
        }
        assertEquals(
                List.of(digest(tree, "s"), digest(tree, "hole"), digest(tree, "plain"), digest(tree, LONG)), views);
    }

    /** Row 13: what a map says wrongly is told and never a file of another content. */
    @Test
    void mapsThatAreWrongAreRefused(@TempDir Path dir) throws Exception {
        byte[] archive = archive("sparse-gnu-0.1");
        String text = new String(archive, StandardCharsets.ISO_8859_1);
        assertRefused(dir, text.replace("map=4096,", "map=4095,").replace(",4096,32768,", ",4096,3276x,"));
        assertRefused(dir, text.replace("GNU.sparse.size=492754", "GNU.sparse.size=000054"));
        assertRefused(dir, text.replace("GNU.sparse.map=0,4096", "GNU.sparse.map=0,4095"));
        assertRefused(dir, text.replace("GNU.sparse.size=492754", "GNU.sparse.siz_=492754"));
        byte[] old = archive("sparse-gnu-old");
        assertArrayEquals(archive("sparse-gnu-old"), old);
        for (int at = 0; at < 4096; at += 3) { // headers, and the ones behind them
            byte[] flipped = old.clone();
            flipped[at] ^= 1;
            try {
                read(flipped, dir);
            } catch (FormatException expected) {
                // nothing else may come out
            }
        }
    }

    private static void assertRefused(Path dir, String archive) throws Exception {
        byte[] bytes = archive.getBytes(StandardCharsets.ISO_8859_1);
        FormatException refused = assertThrows(FormatException.class, () -> read(bytes, dir));
        assertEquals(true, String.valueOf(refused.getMessage()).contains("sparse file"), refused.getMessage());
    }

    /** Row 11: bytes as they are, and in the order of bytes, which formats rely on. */
    @Test
    void namesThatAreNotUtf8AreKept(@TempDir Path dir) throws Exception {
        FileTree tree = read(archive("names-bsdtar"), dir);
        List<String> shown = tree.entries().stream()
                .map(entry -> NameBytes.shown(entry.path()))
                .toList();
        assertEquals(
                List.of(
                        "d",
                        "d/Z\\xfcrich",
                        "d/ascii",
                        "d/link",
                        "d/z\u00e9",
                        "d/\\x80",
                        "d/\\xc3",
                        "d/\\xed\\xa0\\x80",
                        "d/\\xff"),
                shown);
        assertEquals(
                "t\\xe4rget",
                tree.get("d/link") instanceof Entry.Symlink link ? NameBytes.shown(link.target()) : "none");
        assertArrayEquals(
                new byte[] {'d', '/', 'Z', (byte) 0xfc, 'r', 'i', 'c', 'h'},
                NameBytes.of(tree.entries().get(1).path()));
        byte[] ours = TarArchive.source(tree.entries()).readAll("tar", 1 << 20);
        assertEquals(
                shown,
                read(ours, dir).entries().stream()
                        .map(entry -> NameBytes.shown(entry.path()))
                        .toList());
        assertEquals(true, new String(ours, StandardCharsets.ISO_8859_1).contains("21 hdrcharset=BINARY\n"));
    }

    /** Every byte that no text has comes back, whatever stands beside it. */
    @Test
    void bytesBecomeNamesAndBytesAgain() {
        java.util.Random random = new java.util.Random(14);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, NameBytes.of(NameBytes.text(bytes)), () -> Arrays.toString(bytes));
        }
        assertEquals("\ud83d\udcfb", NameBytes.text("\ud83d\udcfb".getBytes(StandardCharsets.UTF_8)));
        assertEquals(true, NameBytes.isText("\ud83d\udcfb"), "half of a pair is no byte where the other half is there");
    }

    /** Case 25: bsdtar and GNU tar pass over a label, and there is no file in it. */
    @Test
    void theLabelOfAVolumeIsPassedOver() throws Exception {
        byte[] label = new TarHeader("backup of May", 0, 0, 0, 0, 0, 'V', "", 0, 0, "").toBytes();
        byte[] file = new TarHeader("a", 0644, 0, 0, 0, 0, '0', "", 0, 0, "").toBytes();
        byte[] both = Arrays.copyOf(label, 1024);
        System.arraycopy(file, 0, both, 512, 512);
        TarReader reader = new TarReader(new ByteArrayInputStream(both), TarLimits.GENEROUS);
        TarMember member = reader.next();
        assertEquals("a", member == null ? "" : member.path());
        assertEquals(null, new TarReader(new ByteArrayInputStream(label), TarLimits.GENEROUS).next());
        byte[] other = new TarHeader("part", 0, 0, 0, 0, 0, 'M', "", 0, 0, "").toBytes();
        assertEquals(
                "tar archive at offset 0 (0x0): unsupported member part: it continues from another volume",
                assertThrows(
                                FormatException.class,
                                () -> new TarReader(new ByteArrayInputStream(other), TarLimits.GENEROUS).next())
                        .getMessage());
    }

    private static String digest(FileTree tree, String path) throws IOException {
        return tree.get(path) instanceof Entry.RegularFile file
                ? Sha256.of(file.content()).hex()
                : "no file";
    }

    private static FileTree read(byte[] archive, Path dir) throws IOException {
        return TarTree.read(new ByteArrayInputStream(archive), dir, TarLimits.GENEROUS);
    }

    private static byte[] archive(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("core/src/test/resources/tar/archives.tsv"))) {
            if (line.startsWith(name + "\t")) {
                byte[] gzip = Base64.getDecoder().decode(line.substring(name.length() + 1));
                return new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes();
            }
        }
        throw new IOException("no archive " + name);
    }
}
