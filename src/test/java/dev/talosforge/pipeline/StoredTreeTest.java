package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.engine.Store;
import dev.talosforge.json.JsonReader;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTreeTest {
    private static final Attributes SOME = new Attributes(0, 4_294_967_295L, 7, -1);
    private static final Attributes STICKY = new Attributes(07755, 0, 0, 4_294_967_296L);

    private static FileTree everything() throws Exception {
        return FileTree.of(List.of(
                new Entry.Directory("d", STICKY),
                new Entry.RegularFile("d/empty", SOME, ByteSource.empty()),
                new Entry.RegularFile("d/ü\n", STICKY, ByteSource.of("first".getBytes(UTF_8))),
                new Entry.HardLink("d/z-link", STICKY, "d/ü\n"),
                new Entry.Symlink("s", SOME, "../anywhere"),
                new Entry.CharDevice("c", SOME, 1, 3),
                new Entry.BlockDevice("b", SOME, 8, 1),
                new Entry.Fifo("f", SOME),
                new Entry.RegularFile("z", SOME, ByteSource.of("second".getBytes(UTF_8)))));
    }

    private static List<String> described(FileTree tree) throws Exception {
        List<String> lines = new ArrayList<>();
        for (Entry entry : tree.entries()) {
            lines.add(
                    entry instanceof Entry.RegularFile file
                            ? file.path() + " " + file.attributes() + " "
                                    + new String(file.content().readAll("file", 100), UTF_8)
                            : entry.toString());
        }
        return lines;
    }

    @Test
    void everyKindOfEntryComesBack(@TempDir Path folder) throws Exception {
        Store store = Store.open(folder);
        StoredTree saved = StoredTree.save(store, everything());
        StoredTree loaded = StoredTree.load(
                store, JsonReader.readObject("index", saved.index().compact().getBytes(UTF_8)));
        assertNotNull(loaded);
        assertEquals(described(everything()), described(saved.tree()));
        assertEquals(described(everything()), described(loaded.tree()));
        assertEquals(saved.contents(), loaded.contents());
        assertEquals(saved.index().compact(), loaded.index().compact());
    }

    @Test
    void withoutItsBlobItIsGone(@TempDir Path folder) throws Exception {
        Store store = Store.open(folder);
        StoredTree saved = StoredTree.save(store, everything());
        Files.delete(store.path(saved.contents()));
        assertNull(StoredTree.load(store, saved.index()));
    }

    @Test
    void anIndexOfAnotherAgeIsAFormatError(@TempDir Path folder) throws Exception {
        Store store = Store.open(folder);
        StoredTree saved = StoredTree.save(store, everything());
        String contents = saved.contents().toString();
        for (String index : List.of(
                "{}",
                "{\"contents\":\"sha256:00\"}",
                "{\"contents\":\"%s\",\"entries\":[{\"path\":\"a\"}]}".formatted(contents),
                "{\"contents\":\"%s\",\"entries\":[{\"path\":\"a\",\"type\":\"door\",\"mode\":0,\"uid\":0,\"gid\":0,\"time\":0}]}"
                        .formatted(contents),
                "{\"contents\":\"%s\",\"entries\":[{\"path\":\"a\",\"type\":\"file\",\"mode\":0,\"uid\":0,\"gid\":0,\"time\":0,\"offset\":5,\"size\":7}]}"
                        .formatted(contents),
                "{\"contents\":\"%s\",\"entries\":[{\"path\":\"a\",\"type\":\"file\",\"mode\":-1,\"uid\":-1,\"gid\":0,\"time\":0,\"offset\":-5,\"size\":-7}]}"
                        .formatted(contents))) {
            assertThrows(
                    FormatException.class,
                    () -> StoredTree.load(store, JsonReader.readObject("index", index.getBytes(UTF_8))),
                    index);
        }
    }
}
