package dev.talosforge.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DebianRootTest {
    private static TreeBuilder made() {
        return new TreeBuilder(1000);
    }

    @Test
    void mergesTheFoldersThatDebianMerged() throws IOException {
        FileTree library = made().file("lib/x86_64-linux-gnu/libc.so.6", 0755, "c")
                .symlink("lib64/ld.so", "/lib/ld.so")
                .build();
        FileTree program = made().file("bin/true", 0755, "old")
                .file("usr/bin/true", 0755, "new")
                .add(new Entry.HardLink("bin/yes", Entry.Attributes.root(0755, 1000), "bin/true"))
                .build();
        FileTree root = DebianRoot.merge(List.of(library, program));
        assertEquals(
                List.of(
                        "bin",
                        "lib",
                        "lib64",
                        "usr",
                        "usr/bin",
                        "usr/bin/true",
                        "usr/bin/yes",
                        "usr/lib",
                        "usr/lib/x86_64-linux-gnu",
                        "usr/lib/x86_64-linux-gnu/libc.so.6",
                        "usr/lib64",
                        "usr/lib64/ld.so"),
                root.entries().stream().map(Entry::path).toList());
        assertEquals(
                "usr/lib64",
                assertInstanceOf(Entry.Symlink.class, root.get("lib64")).target());
        assertEquals(
                "usr/bin/true",
                assertInstanceOf(Entry.HardLink.class, root.get("usr/bin/yes")).target());
    }

    @Test
    void dropsOwnersAndSetUserId() throws IOException {
        FileTree mine = made().add(
                        new Entry.RegularFile("bin/su", new Entry.Attributes(04755, 7, 8, 1000), ByteSource.empty()))
                .build();
        Entry file = DebianRoot.merge(List.of(mine)).get("usr/bin/su");
        assertEquals(
                Entry.Attributes.root(0755, 1000),
                assertInstanceOf(Entry.RegularFile.class, file).attributes());
    }

    @Test
    void leavesOutWhatNoProgramReads() throws IOException {
        FileTree tree = made().file("usr/share/doc/frr/copyright", 0644, "")
                .file("usr/lib/libfrr.a", 0644, "")
                .file("usr/share/docbook", 0644, "kept")
                .build();
        assertEquals(
                List.of("usr", "usr/lib", "usr/share", "usr/share/docbook"),
                DebianRoot.pruned(tree).entries().stream().map(Entry::path).toList());
    }

    /** Row 9e: a name of the same file in a folder that is pruned. */
    @Test
    void aProgramWhoseOtherNameIsPrunedStays() throws IOException {
        FileTree tree = made().file("usr/lib/systemd/prog", 0755, "prog")
                .add(new Entry.HardLink("usr/sbin/prog", Entry.Attributes.root(0755, 1000), "usr/lib/systemd/prog"))
                .build();
        FileTree pruned = DebianRoot.pruned(tree);
        assertEquals(
                4,
                assertInstanceOf(Entry.RegularFile.class, pruned.get("usr/sbin/prog"))
                        .content()
                        .size());
    }

    @Test
    void refusesAFileWhereAnotherPackageHasAFolder() throws IOException {
        FileTree file = made().file("etc/frr", 0644, "").build();
        FileTree folder = made().file("etc/frr/frr.conf", 0644, "").build();
        assertThrows(FormatException.class, () -> DebianRoot.merge(List.of(file, folder)));
        assertThrows(IOException.class, () -> DebianRoot.merge(List.of(folder, file)));
    }
}
