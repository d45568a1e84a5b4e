package dev.talosforge.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Patterns cover what git's own would: a name anywhere, a path from the root, folders with all below. */
class PathPatternTest {
    private static final List<String> FILES = List.of(
            "a.txt",
            "usr/a.txt",
            "usr/lib/x86/liba.so.1",
            "usr/lib/liba.a",
            "usr/share/doc/a/copyright",
            "usr/share/docs");

    private static Entry file(String path) {
        return new Entry.Symlink(path, Attributes.root(0777, 0), "x");
    }

    private static String covered(String pattern) {
        PathPattern made = new PathPattern(pattern);
        return String.join(
                " ", FILES.stream().filter(path -> made.covers(file(path))).toList());
    }

    @Test
    void aNameIsFoundAnywhereAndAPathFromTheRoot() {
        assertEquals("a.txt usr/a.txt", covered("a.txt"));
        assertEquals("a.txt", covered("/a.txt"));
        assertEquals("usr/a.txt", covered("usr/a.txt"));
        assertEquals("", covered("lib/liba.a"));
        assertEquals("usr/lib/liba.a", covered("**/lib/liba.a"));
        assertEquals("usr/lib/x86/liba.so.1", covered("*.so.*"));
        assertEquals("usr/lib/x86/liba.so.1 usr/lib/liba.a", covered("lib?.*"));
    }

    @Test
    void aFolderCoversWhatIsInIt() {
        assertEquals("usr/lib/x86/liba.so.1 usr/lib/liba.a", covered("usr/lib"));
        assertEquals("usr/lib/x86/liba.so.1 usr/lib/liba.a", covered("lib/"));
        assertEquals("usr/share/doc/a/copyright", covered("usr/share/doc/"));
        assertEquals("", covered("copyright/"));
        assertEquals("usr/share/doc/a/copyright", covered("**/share/doc"));
        assertEquals("usr/lib/x86/liba.so.1 usr/lib/liba.a", covered("usr/lib/**"));
        assertEquals("usr/lib/x86/liba.so.1", covered("usr/*/*/lib*"));
        assertEquals(String.join(" ", FILES), covered("**"));
        assertEquals(String.join(" ", FILES), covered("*"));
    }

    /** A folder itself and its contents are different things. */
    @Test
    void matchingAFolderDiffersFromCoveringItsContents() {
        Entry folder = new Entry.Directory("usr/lib", Attributes.root(0755, 0));
        assertEquals(true, new PathPattern("usr/lib/").matches(folder));
        assertEquals(true, new PathPattern("lib").matches(folder));
        assertEquals(false, new PathPattern("usr/lib/**").matches(folder));
        assertEquals(false, new PathPattern("usr").matches(folder));
        assertEquals(true, new PathPattern("usr").covers(folder));
        assertEquals(true, new PathPattern("usr/**/lib").matches(folder));
    }

    @Test
    void invalidPatternsAreReported() {
        for (List<String> wrong : List.of(
                List.of("!a", "begins with !, which is not supported; list what to leave out in exclude"),
                List.of("[ab]", "contains [ or \\; the only wildcards are *, ? and **"),
                List.of("a\\*", "contains [ or \\; the only wildcards are *, ? and **"),
                List.of("", "is not a path pattern"),
                List.of("/", "is not a path pattern"),
                List.of("a//b", "is not a path pattern"),
                List.of("../a", "is not a path pattern"),
                List.of("a".repeat(1001), "is longer than 1000 characters"))) {
            assertEquals(
                    wrong.getLast(),
                    assertThrows(IllegalArgumentException.class, () -> new PathPattern(wrong.getFirst()))
                            .getMessage());
        }
    }

    @Test
    void aPatternThatTriesEverythingEnds() {
        PathPattern names = new PathPattern("*a".repeat(120) + "b");
        PathPattern folders = new PathPattern("**/a/".repeat(100) + "b");
        Entry deep = file("a/".repeat(127) + "a".repeat(200));
        assertTimeoutPreemptively(Duration.ofMinutes(5), () -> {
            for (int i = 0; i < 100; i++) {
                assertEquals(false, names.covers(deep));
                assertEquals(false, folders.covers(deep));
            }
        });
    }
}
