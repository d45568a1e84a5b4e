package dev.talosforge.pipeline.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTreeTest {
    private static final Attributes SOME = new Attributes(0, 4_294_967_295L, 7, -1);
    private static final Attributes STICKY =
            new Attributes(07755, 0, 0, 4_294_967_296L).withLabel("bytes \0\u0080\u00ff");

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

    private static byte[] record(StoredTree tree) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TreeRecord.write(tree, bytes);
        return bytes.toByteArray();
    }

    private static @Nullable StoredTree load(Store store, byte[] record) throws Exception {
        return TreeRecord.read(new ByteArrayInputStream(record), store);
    }

    @Test
    void everyKindOfEntryComesBack(@TempDir Path folder) throws Exception {
        Store store = Store.open(folder);
        StoredTree saved = StoredTree.save(store, everything());
        StoredTree loaded = load(store, record(saved));
        assertNotNull(loaded);
        assertEquals(described(everything()), described(saved.tree()));
        assertEquals(described(everything()), described(loaded.tree()));
        assertEquals(saved.contents(), loaded.contents());
        assertArrayEquals(record(saved), record(loaded));
    }

    @Test
    void withoutItsBlobItIsGone(@TempDir Path folder) throws Exception {
        Store store = Store.open(folder);
        StoredTree saved = StoredTree.save(store, everything());
        Files.delete(store.path(saved.contents()));
        assertNull(load(store, record(saved)));
    }

    @Test
    void aRecordThatEndsEarlyIsNoTree(@TempDir Path folder) throws Exception {
        Store store = Store.open(folder);
        byte[] record = record(StoredTree.save(store, everything()));
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThrows(IOException.class, () -> load(store, cut), length + " bytes");
        }
    }

    /** Sizes around those at which a part ends. */
    private static FileTree large() throws Exception {
        int part = 1 << 20;
        List<Entry> entries = new ArrayList<>();
        int[] sizes = {3, part, 5, part - 1, 2, part + 1, part / 2, part / 2, 0, 7};
        for (int i = 0; i < sizes.length; i++) {
            byte[] content = new byte[sizes[i]];
            new Random(i).nextBytes(content);
            entries.add(new Entry.RegularFile("file%02d".formatted(i), SOME, ByteSource.of(content)));
        }
        return FileTree.of(entries);
    }

    @Test
    void eachFileIsCheckedByThePartItLiesIn(@TempDir Path folder) throws Exception {
        StoredTree saved = StoredTree.save(Store.open(folder), large());
        byte[] record = record(saved);
        byte[] whole = Files.readAllBytes(Store.open(folder).path(saved.contents()));
        assertEquals(7, saved.parts().size());
        int at = 0;
        for (Entry entry : large().entries()) {
            int size = (int) ((Entry.RegularFile) entry).content().size();
            if (size == 0) {
                continue;
            }
            for (int flipped : new int[] {at, at + size - 1}) {
                Store store = Store.open(folder); // another run
                byte[] damaged = whole.clone();
                damaged[flipped] ^= 4;
                Files.write(store.path(saved.contents()), damaged);
                StoredTree loaded = load(store, record);
                assertNotNull(loaded);
                ByteSource content = ((Entry.RegularFile)
                                Objects.requireNonNull(loaded.tree().get(entry.path())))
                        .content();
                assertThrows(DamagedException.class, () -> Sha256.of(content), entry.path());
                assertNull(load(store, record));
            }
            at += size;
        }
        // what is not read is not looked at
        Store store = Store.open(folder);
        whole[0] ^= 1;
        Files.write(store.path(saved.contents()), whole);
        StoredTree loaded = load(store, record);
        assertNotNull(loaded);
        Entry last = loaded.tree().entries().getLast();
        assertEquals(7, ((Entry.RegularFile) last).content().readAll("file", 7).length);
    }
}
