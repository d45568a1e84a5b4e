package dev.talosforge.format.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("reference")
class TarConformanceTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Attributes ROOT = new Attributes(0755, 0, 0, 1_700_000_000);
    private static final String LONG = "long/" + "n".repeat(200);
    private static final String SPLIT = "split/" + "p".repeat(90) + "/" + "q".repeat(60);

    private static final List<Entry> EVERYTHING = List.of(
            new Entry.Directory("dev", ROOT),
            new Entry.CharDevice("dev/console", new Attributes(0600, 0, 5, 0), 5, 1),
            new Entry.BlockDevice("dev/disk", new Attributes(0660, 0, 6, 0), 259, 1_000_000),
            new Entry.Fifo("dev/initctl", new Attributes(0600, 0, 0, 0)),
            new Entry.HardLink("first-name", ROOT, "second-name"),
            new Entry.Directory("long", ROOT),
            new Entry.RegularFile(LONG, ROOT, text("long name")),
            new Entry.RegularFile("owner", new Attributes(04755, 3_000_000, 4_000_000_000L, -5), text("x")),
            new Entry.RegularFile("second-name", ROOT, text("linked")),
            new Entry.Directory("split", ROOT),
            new Entry.Directory("split/" + "p".repeat(90), ROOT),
            new Entry.RegularFile(SPLIT, ROOT, text("split name")),
            new Entry.Symlink("symlink", new Attributes(0777, 0, 0, 0), "../" + "t".repeat(150)),
            new Entry.RegularFile("ümlaut", ROOT, ByteSource.empty()));

    /** Row 21: beside a record with other bytes than ASCII. */
    @Test
    void gnuTarUnpacksLabels(@TempDir Path dir) throws Exception {
        Attributes labelled = ROOT.withLabel("system_u:object_r:bin_t:s0\0");
        String path = "ü" + "m".repeat(120);
        List<Entry> entries =
                List.of(new Entry.Directory("d", labelled), new Entry.RegularFile("d/" + path, labelled, text("x")));
        Path archive = Files.write(dir.resolve("ours.tar"), archive(entries));
        RequiredTool.named("tar", "tar").run(dir, NOTHING, "--xattrs", "--xattrs-include=*", "-xf", archive.toString());
        assertEquals(
                "b'system_u:object_r:bin_t:s0\\x00' ".repeat(2),
                RequiredTool.named("python3", "python3").run(dir, NOTHING, "-c", """
                        import os, sys
                        for path in sys.argv[1:]:
                            print(os.getxattr(path, "security.selinux"), end=" ")
                        """, "d", "d/" + path));
        assertEquals(
                List.of(labelled, labelled),
                TarTree.read(Files.newInputStream(archive), dir, TarLimits.GENEROUS).entries().stream()
                        .map(Entry::attributes)
                        .toList());
    }

    @Test
    void gnuTarListsWhatWasWritten(@TempDir Path dir) throws Exception {
        RequiredTool tar = RequiredTool.named("tar", "tar");
        Path archive = Files.write(dir.resolve("ours.tar"), archive(EVERYTHING));

        assertEquals(
                """
                drwxr-xr-x 0/0 0 2023-11-14 22:13 dev/
                crw------- 0/5 5,1 1970-01-01 00:00 dev/console
                brw-rw---- 0/6 259,1000000 1970-01-01 00:00 dev/disk
                prw------- 0/0 0 1970-01-01 00:00 dev/initctl
                -rwxr-xr-x 0/0 6 2023-11-14 22:13 first-name
                drwxr-xr-x 0/0 0 2023-11-14 22:13 long/
                -rwxr-xr-x 0/0 9 2023-11-14 22:13 LONG
                -rwsr-xr-x 3000000/4000000000 1 1969-12-31 23:59 owner
                hrwxr-xr-x 0/0 0 2023-11-14 22:13 second-name link to first-name
                drwxr-xr-x 0/0 0 2023-11-14 22:13 split/
                drwxr-xr-x 0/0 0 2023-11-14 22:13 split/PARENT/
                -rwxr-xr-x 0/0 10 2023-11-14 22:13 split/PARENT/CHILD
                lrwxrwxrwx 0/0 0 1970-01-01 00:00 symlink -> ../TARGET
                -rwxr-xr-x 0/0 0 2023-11-14 22:13 ümlaut
                """,
                tar.run(dir, NOTHING, "--numeric-owner", "--utc", "--quoting-style=literal", "-tvf", archive.toString())
                        .replaceAll(" +", " ")
                        .replace(LONG, "LONG")
                        .replace("p".repeat(90), "PARENT")
                        .replace("q".repeat(60), "CHILD")
                        .replace("t".repeat(150), "TARGET"));
    }

    @Test
    void pythonReadsWhatWasWritten(@TempDir Path dir) throws Exception {
        RequiredTool python = RequiredTool.named("python3", "python3");
        Path archive = Files.write(dir.resolve("ours.tar"), archive(EVERYTHING));
        String script = "import sys,tarfile\n"
                + "for m in tarfile.open(sys.argv[1]): print(ascii(m.name), m.type.decode(), oct(m.mode), m.uid, m.gid,"
                + " int(m.mtime), m.size, m.devmajor, m.devminor, m.linkname)\n";
        String listing = python.run(dir, NOTHING, "-c", script, archive.toString());
        assertEquals(14, listing.lines().count(), listing);
        assertEquals(
                "'owner' 0 0o4755 3000000 4000000000 -5 1 0 0 ",
                listing.lines().toList().get(7));
        assertEquals(
                "'dev/disk' 4 0o660 0 6 0 0 259 1000000 ",
                listing.lines().toList().get(2));
        assertEquals(
                "'\\xfcmlaut' 0 0o755 0 0 1700000000 0 0 0 ",
                listing.lines().toList().get(13));
    }

    @Test
    void readsBackWhatItWrites(@TempDir Path dir) throws Exception {
        byte[] archive = archive(EVERYTHING);
        FileTree tree = read(archive, dir);
        assertEquals(describe(TarArchive.contentFirst(EVERYTHING)), describe(tree.entries()));
        assertArrayEquals(archive, archive(tree.entries()), "and writes it again as it was");
        assertArrayEquals(archive, TarArchive.source(EVERYTHING).readAll("tar", 1 << 20), "as a view");
    }

    /** Every dialect of GNU tar, from a tree with everything that an unprivileged tar can hold. */
    @Test
    void readsWhatGnuTarWrites(@TempDir Path dir) throws Exception {
        RequiredTool tar = RequiredTool.named("tar", "tar");
        Path root = Files.createDirectories(dir.resolve("in"));
        Files.createDirectories(root.resolve("d/" + "e".repeat(80)));
        Files.writeString(root.resolve("d/file"), "hello");
        Files.createLink(root.resolve("d/link"), root.resolve("d/file"));
        Files.createSymbolicLink(root.resolve("s"), Path.of("d/file"));
        Files.write(root.resolve("d/big"), new byte[100_000]);
        List<String> formats = new ArrayList<>(List.of("v7", "ustar", "oldgnu", "gnu", "posix"));
        for (String format : formats) {
            if (format.equals("gnu") || format.equals("posix")) {
                Files.writeString(root.resolve("d/" + "e".repeat(80) + "/" + "f".repeat(150)), "long");
                Files.createSymbolicLink(root.resolve("t" + format), Path.of("u".repeat(150)));
            }
            tar.run(
                    dir,
                    NOTHING,
                    "--format=" + format,
                    "--sort=name",
                    "--owner=7:7",
                    "--group=" + (format.endsWith("gnu") ? "5000000" : "8"),
                    "--mtime=@1000000000",
                    "--numeric-owner",
                    "-cf",
                    format + ".tar",
                    "-C",
                    "in",
                    ".");
            FileTree tree =
                    read(Files.readAllBytes(dir.resolve(format + ".tar")), Files.createDirectory(dir.resolve(format)));
            Files.deleteIfExists(root.resolve("d/" + "e".repeat(80) + "/" + "f".repeat(150)));
            Entry.RegularFile file = assertInstanceOf(Entry.RegularFile.class, tree.get("d/file"), format);
            assertEquals("hello", new String(file.content().readAll("file", 100), UTF_8), format);
            assertEquals(1_000_000_000, file.attributes().modified(), format);
            assertEquals(7, file.attributes().uid(), format);
            assertEquals(
                    format.endsWith("gnu") ? 5_000_000 : 8, file.attributes().gid(), format);
            assertEquals(
                    "d/file",
                    assertInstanceOf(Entry.HardLink.class, tree.get("d/link"), format)
                            .target());
            assertEquals(
                    "d/file",
                    assertInstanceOf(Entry.Symlink.class, tree.get("s"), format).target());
            if (format.equals("gnu") || format.equals("posix")) {
                assertInstanceOf(Entry.RegularFile.class, tree.get("d/" + "e".repeat(80) + "/" + "f".repeat(150)));
                assertEquals(
                        "u".repeat(150),
                        assertInstanceOf(Entry.Symlink.class, tree.get("t" + format))
                                .target());
            }
        }
    }

    static ByteSource text(String text) {
        return ByteSource.of(text.getBytes(UTF_8));
    }

    static byte[] archive(List<Entry> entries) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TarWriter(ByteSink.over(out)).write(entries);
        return out.toByteArray();
    }

    static FileTree read(byte[] archive, Path dir) throws Exception {
        try (InputStream in = ByteSource.of(archive).open()) {
            return TarTree.read(in, dir, TarLimits.GENEROUS);
        }
    }

    /** Entries as texts: contents are compared, too. */
    static String describe(List<? extends Entry> entries) throws Exception {
        StringBuilder out = new StringBuilder();
        for (Entry entry : entries) {
            out.append(
                    entry instanceof Entry.RegularFile file
                            ? "%s %s %s"
                                    .formatted(
                                            file.path(),
                                            file.attributes(),
                                            new String(file.content().readAll("file", 1 << 20), UTF_8))
                            : entry.toString());
            out.append('\n');
        }
        return out.toString();
    }
}
