package dev.talosforge.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What takes the place of package scripts. */
class ToolRootTest {
    @Test
    void linksLeadToWhatIsThere() throws Exception {
        TreeBuilder packages = new TreeBuilder(7);
        for (String name : List.of("mawk", "gawk", "clang", "automake-1.16", "automake-1.17", "sh")) {
            packages.file("usr/bin/" + name, 0755, "");
        }
        packages.add(new Entry.CharDevice("dev/null", Attributes.root(0666, 7), 1, 3));
        FileTree root = ToolRoot.of(packages.build());
        List<String> links = new ArrayList<>();
        for (Entry entry : root.entries()) {
            if (entry instanceof Entry.Symlink link) {
                links.add("%s -> %s".formatted(link.path(), link.target()));
            }
        }
        assertEquals(
                List.of(
                        "usr/bin/automake -> automake-1.17",
                        "usr/bin/awk -> gawk",
                        "usr/bin/cc -> clang",
                        "usr/bin/nawk -> gawk"),
                links);
        assertEquals(
                List.of("build", "dev", "etc", "proc", "tmp", "usr"),
                root.children(".").stream().map(Entry::path).toList());
        assertEquals(List.of(), root.children("dev"));
    }

    @Test
    void patchComesAlongWhereSomethingIsPatched() {
        List<String> plain = ToolRoot.packages(List.of("gcc", "bash"), false);
        assertEquals(
                "bash coreutils dash diffutils findutils gcc grep gzip libc-bin make mawk perl-base sed tar",
                String.join(" ", plain));
        assertEquals(
                plain.size() + 1,
                ToolRoot.packages(List.of("gcc", "bash"), true).size());
    }
}
