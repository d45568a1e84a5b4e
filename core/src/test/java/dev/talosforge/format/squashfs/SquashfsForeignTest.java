package dev.talosforge.format.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only one side has: folders with thousands of files from us, extended attributes and sockets from the others. */
@Tag("reference")
class SquashfsForeignTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final int MANY = 3500;

    @TempDir
    Path dir;

    /** The listing takes several metadata blocks and hundreds of headers; each name has to be found. */
    @Test
    void unsquashfsFindsEachOfThousandsOfNames() throws Exception {
        List<Entry> entries = new ArrayList<>(List.of(Samples.directory("many"), Samples.directory("z")));
        for (int i = 0; i < MANY; i++) {
            entries.add(Samples.file("many/%04x".formatted(i), 0644, new byte[] {(byte) i, (byte) (i >> 8)}));
        }
        for (int i = 0; i < 70_000 / 255; i++) { // and a listing of more than 64 KiB in long names
            entries.add(Samples.file("z/%03d%s".formatted(i, "n".repeat(252)), 0644, new byte[0]));
        }
        FileTree tree = FileTree.of(entries);
        Path image = dir.resolve("ours.sqsh");
        new SquashfsWriter(SquashfsOptions.xz(Xz.blocks(Samples.BLOCK), Samples.TIME), Runnable::run)
                .write(tree, image);
        RequiredTool unsquashfs = RequiredTool.named("unsquashfs", "squashfs-tools");
        String listed = unsquashfs.run(dir, NOTHING, "-l", "-d", "", image.toString());
        assertEquals(
                tree.entries().stream().map(entry -> "/" + entry.path()).toList(),
                listed.lines().filter(line -> line.startsWith("/")).toList());
        // one name goes through the directory's index, as a look-up of the kernel does
        unsquashfs.run(dir, NOTHING, "-no-progress", "-d", "out", image.toString(), "many/0c01");
        assertEquals(1, Files.readAllBytes(dir.resolve("out/many/0c01"))[0]);
        assertEquals(
                Samples.describe(tree),
                Samples.describe(SquashfsReader.open(ByteSource.of(image), Samples::decompressor)
                        .tree()));
    }

    @Test
    void attributesOfOthersAreReadOver() throws Exception {
        Path in = Files.createDirectories(dir.resolve("in/folder"));
        Path file = Files.writeString(in.resolve("file"), "content");
        for (Path path : List.of(file, in)) {
            try {
                Files.getFileAttributeView(path, UserDefinedFileAttributeView.class)
                        .write("label", ByteBuffer.wrap("system_u:object_r".getBytes(StandardCharsets.UTF_8)));
            } catch (FileSystemException e) {
                Assumptions.abort("no extended attributes on this file system: " + e.getMessage());
            }
        }
        RequiredTool.named("mksquashfs", "squashfs-tools")
                .run(dir, NOTHING, "in", "theirs.sqsh", "-no-progress", "-comp", "zstd", "-xattrs", "-all-root");
        byte[] image = Files.readAllBytes(dir.resolve("theirs.sqsh"));
        assertTrue(ByteBuffer.wrap(image).getLong(56) != Superblock.ABSENT, "it has attributes");
        FileTree tree =
                SquashfsReader.open(ByteSource.of(image), Samples::decompressor).tree();
        assertEquals(
                List.of("folder", "folder/file"),
                tree.entries().stream().map(Entry::path).toList());
        assertTrue(tree.get("folder/file") instanceof Entry.RegularFile read
                && new String(read.content().readAll("test", 100), StandardCharsets.UTF_8).equals("content"));
    }

    @Test
    void aSocketIsRefusedByName() throws Exception {
        Path in = Files.createDirectories(dir.resolve("in"));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(in.resolve("control")));
            RequiredTool.named("mksquashfs", "squashfs-tools")
                    .run(dir, NOTHING, "in", "theirs.sqsh", "-no-progress", "-comp", "zstd");
        }
        ByteSource image = ByteSource.of(Files.readAllBytes(dir.resolve("theirs.sqsh")));
        assertEquals(
                "squashfs: control: is a socket, which a file tree cannot hold",
                assertThrows(
                                LimitException.class,
                                () -> SquashfsReader.open(image, Samples::decompressor)
                                        .tree())
                        .getMessage());
    }
}
