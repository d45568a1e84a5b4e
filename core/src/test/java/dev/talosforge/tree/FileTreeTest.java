package dev.talosforge.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry.Attributes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    private static final Attributes ROOT = Attributes.root(0755, 0);

    private static List<String> paths(FileTree tree) {
        return tree.entries().stream().map(Entry::path).toList();
    }

    @Test
    void walkOrderIsByNameAndDepthFirst() throws Exception {
        FileTree tree = new TreeBuilder(0)
                .file("a/z", 0644, "")
                .file("a-b", 0644, "")
                .file("a/b/c", 0644, "")
                .file("B", 0644, "")
                .file("é", 0644, "")
                .file("\uD83D\uDE00", 0644, "")
                .build();
        assertEquals(List.of("B", "a", "a/b", "a/b/c", "a/z", "a-b", "é", "\uD83D\uDE00"), paths(tree));
        assertEquals(
                List.of("a/b", "a/z"),
                tree.children("a").stream().map(Entry::path).toList());
        assertEquals(List.of("b", "b/c", "z"), paths(tree.subtree("a")));
    }

    @Test
    void pathsThatLeaveTheRootAreRefused() {
        for (String path : List.of("../a", "/a", "a/../b", "a//b", "a/", "", "a\0b")) {
            Entry entry = new Entry.Directory(path, ROOT);
            assertThrows(LimitException.class, () -> FileTree.of(List.of(entry)), path);
        }
    }

    @Test
    void everyParentHasToBeADirectory() {
        assertEquals(
                "file tree: a/b: a is not a directory of the tree",
                assertThrows(
                                LimitException.class,
                                () -> FileTree.of(List.of(
                                        new Entry.RegularFile("a", ROOT, ByteSource.empty()),
                                        new Entry.Directory("a/b", ROOT))))
                        .getMessage());
        assertThrows(LimitException.class, () -> FileTree.of(List.of(new Entry.HardLink("l", ROOT, "missing"))));
    }

    /** Row 9e: the first name that is taken has the content, whichever name the archive made the link. */
    @Test
    void aHardLinkWhoseOtherNameIsLeftOutKeepsItsFile() throws Exception {
        FileTree tree = new TreeBuilder(0)
                .file("boot/real", 0644, "text")
                .add(new Entry.HardLink("usr/a", ROOT, "boot/real"))
                .add(new Entry.HardLink("usr/b", ROOT, "boot/real"))
                .build();
        for (FileTree part :
                List.of(tree.filter(entry -> entry.path().startsWith("usr")).subtree("usr"), tree.subtree("usr"))) {
            assertEquals(List.of("a", "b"), paths(part));
            assertEquals(
                    "text",
                    part.get("a") instanceof Entry.RegularFile file
                            ? new String(file.content().readAll("file", 10), java.nio.charset.StandardCharsets.UTF_8)
                            : "no file");
            assertEquals("a", part.get("b") instanceof Entry.HardLink link ? link.target() : "no link");
        }
    }

    @Test
    void readsAFolder(@TempDir Path dir) throws Exception {
        Files.createDirectories(dir.resolve("d"));
        Files.writeString(dir.resolve("d/f"), "text");
        Files.createSymbolicLink(dir.resolve("l"), Path.of("d/f"));
        FileTree tree = DiskTree.read(dir);
        assertEquals(List.of("d", "d/f", "l"), paths(tree));
        assertEquals("d/f", tree.get("l") instanceof Entry.Symlink link ? link.target() : "");
    }
}
