package dev.talosforge.format.squashfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.support.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SquashfsWriterConformanceTest {
    @Test
    void unsquashfsListsAndUnpacksASmallTree(@TempDir Path dir) throws Exception {
        RequiredTool unsquashfs = RequiredTool.named("unsquashfs", "squashfs-tools");
        Attributes attributes = new Attributes(0644, 0, 0, 1_700_000_000L);
        FileTree tree = FileTree.of(List.of(
                new Entry.Directory("etc", attributes.withPermissions(0755)),
                new Entry.RegularFile(
                        "etc/hello",
                        attributes,
                        ByteSource.of("hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                new Entry.RegularFile("etc/large", attributes, ByteSource.of(Samples.text(300_000, 1))),
                new Entry.Symlink("link", attributes.withPermissions(0777), "etc/hello")));
        SquashfsOptions options = SquashfsOptions.xz(Xz.blocks(1 << 17), 1_700_000_000L);

        new SquashfsWriter(options, Runnable::run).write(tree, dir.resolve("out.sqsh"));
        unsquashfs.run(dir, Path.of("/dev/null"), "-no-progress", "-d", "out", "out.sqsh");

        assertArrayEquals(Samples.text(300_000, 1), Files.readAllBytes(dir.resolve("out/etc/large")));
        assertEquals("hello\n", Files.readString(dir.resolve("out/link")));
    }
}
