package dev.talosforge.format.deb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Field;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.StreamDecoder;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarTree;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("reference")
class DebReaderTest {
    private static final Path NOTHING = Path.of("/dev/null");

    @Test
    void readsWhatDpkgBuilds(@TempDir Path dir) throws Exception {
        RequiredTool dpkg = RequiredTool.named("dpkg-deb", "dpkg");
        for (String compression : List.of("gzip", "xz", "zstd", "none")) {
            Path deb = build(dpkg, dir, compression);
            Path spool = Files.createDirectory(dir.resolve("spool-" + compression));
            DebPackage read = reader(spool).read(ByteSource.of(deb));

            assertEquals("forge-test", read.control().packageName());
            assertEquals("1:2.3-4", read.control().version());
            assertEquals("all", read.control().architecture());
            assertEquals(
                    "short text\nlonger text\n.\nafter a blank line",
                    read.control().field("description"));

            Path theirs = Files.createDirectory(dir.resolve("theirs-" + compression));
            dpkg.run(dir, NOTHING, "-x", deb.toString(), theirs.toString());
            assertEquals(describe(DiskTree.read(theirs)), describe(read.data()), compression);
        }
    }

    @Test
    void refusesACompressionWithoutADecoder(@TempDir Path dir) throws Exception {
        RequiredTool dpkg = RequiredTool.named("dpkg-deb", "dpkg");
        ByteSource deb = ByteSource.of(build(dpkg, dir, "xz"));
        FormatException failure = assertThrows(
                FormatException.class, () -> new DebReader(suffix -> null, in -> FileTree.empty()).read(deb));
        assertEquals("deb package at offset 132 (0x84): unsupported compression: control.tar.xz", failure.getMessage());
    }

    @Test
    void refusesWhatIsNotAPackage() {
        DebReader reader = new DebReader(suffix -> null, in -> FileTree.empty());
        FormatException failure = assertThrows(
                FormatException.class, () -> reader.read(ByteSource.of("PK\3\4 something else".getBytes(UTF_8))));
        assertEquals(
                "deb package at offset 0 (0x0): not a deb package: it does not start with !<arch>",
                failure.getMessage());
    }

    @Test
    void brokenPackagesAreFormatExceptions(@TempDir Path dir) throws Exception {
        RequiredTool dpkg = RequiredTool.named("dpkg-deb", "dpkg");
        byte[] deb = Files.readAllBytes(build(dpkg, dir, "none"));
        int dataEnd = deb.length - 1024; // the end mark of a tar archive may be missing, padding too
        for (int cut = 0; cut < dataEnd; cut += cut < 200 ? 1 : 197) {
            ByteSource source = ByteSource.of(java.util.Arrays.copyOf(deb, cut));
            assertThrows(FormatException.class, () -> reader(dir).read(source), "cut at " + cut);
        }
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            byte[] flipped = deb.clone();
            flipped[random.nextInt(deb.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                reader(dir).read(ByteSource.of(flipped));
            } catch (FormatException expected) {
                // the only thing that may come out
            }
        }
    }

    @Test
    void documentedLayoutIsTheRealOne() throws Exception {
        Pattern row = Pattern.compile("\\| (\\d+) \\| (\\d+) \\| (\\w+) \\|");
        List<Field> documented = row.matcher(Files.readString(Path.of("docs/formats/deb.md")))
                .results()
                .map(match ->
                        new Field(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), match.group(3)))
                .toList();
        assertEquals(documented, new ArHeader("debian-binary", 0, 4).encode().layout());
    }

    private static DebReader reader(Path spool) {
        return new DebReader(DebReaderTest::decoder, in -> TarTree.read(in, spool, TarLimits.GENEROUS));
    }

    private static @Nullable StreamDecoder decoder(String suffix) {
        return switch (suffix) {
            case "gz" -> GZIPInputStream::new;
            case "xz" -> org.tukaani.xz.XZInputStream::new;
            case "zst" -> in -> new io.airlift.compress.v3.zstd.ZstdInputStream(in);
            default -> null;
        };
    }

    private static Path build(RequiredTool dpkg, Path dir, String compression) throws Exception {
        Path root = dir.resolve("root");
        if (!Files.exists(root)) {
            Files.createDirectories(root.resolve("DEBIAN"));
            Files.writeString(root.resolve("DEBIAN/control"), """
                    Package: forge-test
                    Version: 1:2.3-4
                    Architecture: all
                    Maintainer: Nobody <nobody@example.org>
                    Description: short text
                     longer text
                     .
                     after a blank line
                    """);
            Files.createDirectories(root.resolve("usr/bin"));
            Files.writeString(root.resolve("usr/bin/tool"), "#!/bin/sh\n".repeat(100));
            Files.createLink(root.resolve("usr/bin/alias"), root.resolve("usr/bin/tool"));
            Files.createSymbolicLink(root.resolve("usr/bin/link"), Path.of("tool"));
            Files.writeString(root.resolve("usr/" + "n".repeat(180)), "long name");
            for (String file : List.of("usr/bin/tool", "usr/" + "n".repeat(180))) {
                Files.setLastModifiedTime(
                        root.resolve(file), java.nio.file.attribute.FileTime.fromMillis(1_600_000_000_000L));
            }
        }
        Path deb = dir.resolve(compression + ".deb");
        dpkg.run(dir, NOTHING, "--root-owner-group", "-Z" + compression, "--build", "root", deb.toString());
        return deb;
    }

    /** Paths, kinds, modes, times of files, contents; a further name of a file counts as the file. */
    private static String describe(FileTree tree) throws IOException {
        StringBuilder out = new StringBuilder();
        for (Entry entry : tree.entries()) {
            Entry file = entry instanceof Entry.HardLink link
                    ? java.util.Objects.requireNonNull(tree.get(link.target()))
                    : entry;
            out.append(entry.path())
                    .append(' ')
                    .append(Integer.toOctalString(file.attributes().permissions()));
            switch (file) {
                case Entry.RegularFile regular ->
                    out.append(' ')
                            .append(regular.attributes().modified())
                            .append(' ')
                            .append(new String(regular.content().readAll("file", 1 << 20), UTF_8));
                case Entry.Symlink link -> out.append(" -> ").append(link.target());
                default -> out.append(" dir"); // tar does not always give a folder its time back
            }
            out.append('\n');
        }
        return out.toString();
    }
}
