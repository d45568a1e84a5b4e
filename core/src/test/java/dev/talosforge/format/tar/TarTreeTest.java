package dev.talosforge.format.tar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.format.tar.TarMember.Kind;
import dev.talosforge.tree.Entry.Attributes;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TarTreeTest {
    private static final int MANY = 60_000;

    private static void add(TarTree tree, String path) throws Exception {
        tree.add(
                new TarMember(path, Kind.FILE, Attributes.root(0644, 0), 0, "", 0, 0, List.of(), 0, null),
                InputStream.nullInputStream());
    }

    /** A layer of 163 KB that took minutes, because each of its marks looked at each of its files. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aLayerMayTakeAFolderAwayAsOftenAsItHasFiles(@TempDir Path folder) throws Exception {
        try (TarTree tree = new TarTree(folder, TarLimits.GENEROUS)) {
            add(tree, "d/below");
            add(tree, "d/e/below");
            tree.nextLayer();
            for (int i = 0; i < MANY; i++) {
                add(tree, "d/file" + i);
                tree.clear("d");
                tree.remove("d/e");
            }
            assertNull(tree.tree().get("d/below"));
            assertNull(tree.tree().get("d/e"));
            assertEquals(MANY + 1, tree.tree().size());
            tree.nextLayer();
            tree.clear("d");
            assertEquals(1, tree.tree().size());
        }
    }
}
