package dev.talosforge.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree on disk is the same tree again, and can be removed whatever its modes are. */
class DiskTreeTest {
    @TempDir
    private Path folder;

    private static List<String> described(FileTree tree) {
        List<String> lines = new ArrayList<>();
        for (Entry entry : tree.entries()) {
            lines.add("%s %04o %d %s"
                    .formatted(
                            entry.getClass().getSimpleName(),
                            entry.attributes().permissions(),
                            entry.attributes().modified(),
                            entry.path()));
        }
        return lines;
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        FileTree tree = new TreeBuilder(1_700_000_000L)
                .directory("closed", 0555)
                .file("closed/runs", 0755, "#!/bin/sh\n")
                .file("secret", 04600, "text")
                .symlink("link", "/nowhere")
                .add(new Entry.HardLink("other", Attributes.root(0600, 1_700_000_000L), "secret"))
                .build();
        Path root = Files.createDirectory(folder.resolve("root"));
        List<Long> written = new ArrayList<>();
        DiskTree.write(tree, root, written::add);
        assertEquals(
                List.of(
                        "Directory 0555 1700000000 closed",
                        "RegularFile 0755 1700000000 closed/runs",
                        "Symlink 0777 1700000000 link",
                        "RegularFile 0600 1700000000 other",
                        "RegularFile 0600 1700000000 secret"),
                described(DiskTree.read(root)));
        assertEquals(
                Files.getAttribute(root.resolve("secret"), "unix:ino"),
                Files.getAttribute(root.resolve("other"), "unix:ino"));
        assertEquals(List.of(0L, 10L, 10L, 10L, 14L), written);
        DiskTree.delete(root);
        assertFalse(Files.exists(root));
    }

    @Test
    void whatIsDeletedIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path kept = Files.createFile(outside.resolve("kept"));
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("nowhere"), Path.of("no-such-file"));
        DiskTree.delete(root.resolve("link"));
        assertTrue(Files.exists(kept));
        Files.createSymbolicLink(root.resolve("link"), outside);
        DiskTree.delete(root);
        DiskTree.delete(root); // nothing is there any more
        assertFalse(Files.exists(root));
        assertTrue(Files.exists(kept));
    }

    @Test
    void devicesAreNotWritten() throws IOException {
        FileTree tree = new TreeBuilder(0)
                .add(new Entry.Fifo("pipe", Attributes.root(0644, 0)))
                .build();
        assertEquals(
                "folder: pipe: is neither a file, a folder nor a symbolic link",
                assertThrows(LimitException.class, () -> DiskTree.write(tree, folder, _ -> {}))
                        .getMessage());
    }
}
