package dev.talosforge.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.extension.Placement.Owner;
import dev.talosforge.problem.Problem;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is taken of sources, what becomes of it, and what happens where two have the same. */
class CompositionTest {
    private static final long TIME = 1_000;

    private static TreeBuilder tree() {
        return new TreeBuilder(7);
    }

    private static Entry link(String path, String target) {
        return new Entry.HardLink(path, Attributes.root(0644, 7), target);
    }

    /** One line a file: kind, mode, owner, path, and what is in it or where it leads to. */
    static String reported(FileTree tree) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Entry entry : tree.entries()) {
            Attributes attributes = entry.attributes();
            text.append("%04o %d:%d %s%s%n"
                    .formatted(
                            attributes.permissions(),
                            attributes.uid(),
                            attributes.gid(),
                            entry.path(),
                            switch (entry) {
                                case Entry.Directory _ -> "/";
                                case Entry.RegularFile file ->
                                    " " + new String(file.content().readAll("file", 1000), StandardCharsets.UTF_8);
                                case Entry.HardLink hard -> " = " + hard.target();
                                case Entry.Symlink symlink -> " -> " + symlink.target();
                                case Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ -> " special";
                            }));
        }
        return text.toString();
    }

    private static Source.Item item(int number, Source source, Placement placement) {
        return new Source.Item("sources[%d]".formatted(number), source, placement);
    }

    private static Source folder(String name) {
        return new Source.Folder(name, Path.of("/" + name));
    }

    private static Source packages() {
        return new Source.Packages(List.of("frr"));
    }

    private static Placement to(String to) {
        return new Placement(to, "", List.of(), List.of(), new TreeMap<>(), new TreeMap<>(), false);
    }

    private static List<PathPattern> patterns(String... texts) {
        List<PathPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(new PathPattern(text));
        }
        return patterns;
    }

    private static Placement taking(String from, List<PathPattern> include, List<PathPattern> exclude, boolean prune) {
        return new Placement(null, from, include, exclude, new TreeMap<>(), new TreeMap<>(), prune);
    }

    private static FileTree linked() throws IOException {
        return tree().file("bin/one", 0755, "one")
                .add(link("bin/two", "bin/one"))
                .add(link("lib/three", "bin/one"))
                .file("share/doc/text", 0644, "text")
                .file("lib/liba.a", 0644, "archive")
                .build();
    }

    @Test
    void hardLinksAreKeptAmongWhatIsTaken() throws Exception {
        assertEquals("""
                0755 0:0 two one
                """, reported(Selection.of(linked(), taking("bin", List.of(), patterns("one"), true))));
        assertEquals("""
                0755 0:0 bin/
                0755 0:0 bin/two one
                0755 0:0 lib/
                0755 0:0 lib/three = bin/two
                """, reported(Selection.of(linked(), taking("", patterns("two", "three"), List.of(), true))));
        assertEquals("""
                0755 0:0 lib/
                0644 0:0 lib/liba.a archive
                """, reported(Selection.of(linked(), taking("", patterns("lib"), patterns("three"), false))));
    }

    @Test
    void whatNoProgramReadsIsPruned() throws Exception {
        assertEquals("""
                0755 0:0 bin/
                0755 0:0 bin/one one
                0755 0:0 bin/two = bin/one
                0755 0:0 lib/
                0755 0:0 lib/three = bin/one
                0755 0:0 share/
                """, reported(Selection.of(linked(), Placement.usual(true))));
    }

    @Test
    void firstFoldersAreStripped() throws Exception {
        FileTree archive = tree().file("x-1/bin/one", 0755, "one")
                .add(link("x-1/two", "x-1/bin/one"))
                .file("readme", 0644, "")
                .build();
        assertEquals("""
                0755 0:0 bin/
                0755 0:0 bin/one one
                0755 0:0 two = bin/one
                """, reported(Selection.stripped(archive, 1)));
        FileTree twice = tree().file("a/x/f", 0644, "").file("b/x/f", 0644, "").build();
        assertEquals(
                "a/x/f and b/x/f both become x/f after strip = 1",
                assertThrows(SourceException.class, () -> Selection.stripped(twice, 1))
                        .getMessage());
    }

    @Test
    void whatASourceLacksIsReported() throws Exception {
        assertEquals(
                "it has no folder sbin",
                assertThrows(
                                SourceException.class,
                                () -> Selection.of(linked(), taking("sbin", List.of(), List.of(), false)))
                        .getMessage());
        assertEquals(
                "bin/one is a file in it, but from needs a folder",
                assertThrows(
                                SourceException.class,
                                () -> Selection.of(linked(), taking("bin/one", List.of(), List.of(), false)))
                        .getMessage());
        assertEquals(
                "nothing is selected: include matches nothing, or exclude everything",
                assertThrows(
                                SourceException.class,
                                () -> Selection.of(linked(), taking("", patterns("nowhere"), List.of(), false)))
                        .getMessage());
    }

    @Test
    void modesAndOwnersAreGivenByTheLongestPattern() throws Exception {
        SequencedMap<PathPattern, Integer> modes = new TreeMap<>();
        modes.put(new PathPattern("etc"), 0640);
        modes.put(new PathPattern("etc/run"), 0750);
        modes.put(new PathPattern("etc/"), 0700);
        SequencedMap<PathPattern, Owner> owners = new TreeMap<>();
        owners.put(new PathPattern("etc"), new Owner(100, 101));
        owners.put(new PathPattern("/etc/"), new Owner(0, 101));
        Placement placement = new Placement("opt/x", "", List.of(), List.of(), modes, owners, false);
        FileTree files = tree().file("etc/run", 0644, "run")
                .file("etc/conf", 0644, "conf")
                .symlink("etc/link", "conf")
                .add(link("etc/same", "etc/conf"))
                .build();
        Placed placed = Placed.of(item(0, folder("rootfs"), placement), files, "usual", TIME);
        assertEquals("""
                0755 0:0 opt/
                0755 0:0 opt/x/
                0700 0:101 opt/x/etc/
                0640 100:101 opt/x/etc/conf conf
                0777 100:101 opt/x/etc/link -> conf
                0750 100:101 opt/x/etc/run run
                0640 100:101 opt/x/etc/same = opt/x/etc/conf
                """, reported(placed.tree()));
        assertEquals(List.of("opt", "opt/x"), placed.quiet().stream().sorted().toList());
        modes.put(new PathPattern("nothing"), 0600);
        modes.put(new PathPattern("etc/conf/"), 0600);
        SourceException e = assertThrows(
                SourceException.class,
                () -> Placed.of(
                        item(0, folder("rootfs"), new Placement(null, "", List.of(), List.of(), modes, owners, false)),
                        files,
                        "usual",
                        TIME));
        assertEquals(
                "modes has \"nothing\", \"etc/conf/\", which matches nothing of the selected files", e.getMessage());
        assertEquals(
                "end a pattern for folders with a slash; write paths from the source's root, without the folder in from",
                e.remedy());
    }

    private static Placed placed(int number, Source source, TreeBuilder files) throws IOException {
        return Placed.of(item(number, source, to("")), files.build(), "usual", TIME);
    }

    /** A folder's mode is said by who knows it: a working copy does not. */
    @Test
    void laterOnesWin() throws Exception {
        Composition composition = new Composition("extension frr", TIME);
        composition.add(placed(
                0,
                packages(),
                tree().add(new Entry.Directory("etc", new Attributes(0750, 1, 2, 7)))
                        .file("etc/a", 0600, "a0")
                        .file("etc/b", 0600, "b0")
                        .add(link("etc/c", "etc/b"))
                        .symlink("etc/d", "a")));
        composition.add(placed(
                1,
                folder("rootfs"),
                tree().file("etc/b", 0644, "b1").file("etc/d", 0644, "d1").symlink("etc/e", "d")));
        assertEquals(List.of(), composition.problems());
        assertEquals("""
                0750 1:2 etc/
                0600 0:0 etc/a a0
                0644 0:0 etc/b b1
                0600 0:0 etc/c b0
                0644 0:0 etc/d d1
                0777 0:0 etc/e -> d
                """, reported(composition.tree()));
        assertEquals("sources[1] (dir rootfs)", composition.origin("etc/b"));
        assertEquals("sources[0] (debian_packages frr)", composition.origin("etc"));
        assertEquals(null, composition.origin("nowhere"));
        composition.add(placed(2, packages(), tree().add(new Entry.Directory("etc", new Attributes(0711, 3, 4, 7)))));
        assertEquals(
                "0711 3:4 etc/",
                reported(composition.tree()).lines().findFirst().orElse(""));
        assertEquals(TIME, composition.tree().entries().getFirst().attributes().modified());
    }

    @Test
    void conflictsAreReportedOnceWithBothSources() throws Exception {
        Composition composition = new Composition("extension frr", TIME);
        composition.add(placed(
                0,
                packages(),
                tree().symlink("lib", "usr/lib")
                        .file("etc/frr/daemons", 0644, "x")
                        .file("opt", 0644, "file")));
        composition.add(placed(
                1,
                folder("rootfs"),
                tree().file("lib/a", 0644, "a")
                        .file("lib/b/c", 0644, "b")
                        .file("etc/frr", 0644, "no folder")
                        .file("opt/x", 0644, "x")
                        .file("fine", 0644, "y")));
        List<Problem> expected = new ArrayList<>();
        for (String why : List.of(
                "etc/frr is a file in the first and a folder in the second",
                "lib is a folder in the first and a symbolic link in the second",
                "opt is a folder in the first and a file in the second")) {
            expected.add(Problem.failed(
                            Problem.Kind.INVALID_INPUT,
                            "cannot put sources[1] (dir rootfs) over sources[0] (debian_packages frr)")
                    .because(why)
                    .trying("exclude it from one of them"));
        }
        assertEquals(expected, composition.problems());
    }

    @Test
    void moreThanAnyExtensionHasIsRefused() throws Exception {
        Composition composition = new Composition("extension frr", TIME);
        composition.add(placed(0, folder("rootfs"), tree().file("big", 0644, new Endless())));
        SourceException e = assertThrows(
                SourceException.class,
                () -> composition.add(placed(1, folder("rootfs"), tree().file("bigger", 0644, new Endless()))));
        assertEquals("extension frr would have more than 500000 files, or more than 17179869184 bytes", e.getMessage());
    }

    /** Nobody reads it. */
    private static final class Endless implements ByteSource {
        @Override
        public long size() {
            return 10L << 30;
        }

        @Override
        public java.io.InputStream openAt(long offset) {
            throw new IllegalStateException("read");
        }
    }
}
