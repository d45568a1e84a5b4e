package dev.talosforge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final Sha256 IDENTITY = Identity.of("test", 1).digest();

    @Test
    void aBlobIsFoundUnderItsDigest(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        Sha256 digest = store.put(out -> out.write("content".getBytes(UTF_8)));

        assertEquals(Sha256.of("content".getBytes(UTF_8)), digest);
        ByteSource found = store.find(digest);
        assertNotNull(found);
        assertEquals("content", new String(found.readAll("blob", 100), UTF_8));
        assertNull(store.find(Sha256.of("other".getBytes(UTF_8))));
    }

    @Test
    void ofTwoRunsThatMakeAFolderTheFirstOnesStays(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        assertNull(store.folder(IDENTITY));
        Path first = store.temporaryFolder("one");
        Files.writeString(first.resolve("file"), "first");
        Path second = Store.open(dir).temporaryFolder("one");
        Files.writeString(second.resolve("file"), "second");

        Path place = store.adoptFolder(first, IDENTITY);
        assertEquals(place, store.adoptFolder(second, IDENTITY));
        assertEquals(place, store.folder(IDENTITY));
        assertEquals("first", Files.readString(place.resolve("file")));
        assertEquals("second", Files.readString(second.resolve("file")));
    }

    @Test
    void nothingStaysOfAnInterruptedWrite(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        assertThrows(
                IOException.class,
                () -> store.put(out -> {
                    out.write(1);
                    throw new IOException("pulled the plug");
                }));
        try (Stream<Path> files = Files.walk(dir)) {
            assertEquals(0, files.filter(Files::isRegularFile).count());
        }
    }

    @Test
    void aResultIsKeptByIdentity(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        assertNull(store.result(IDENTITY));
        store.keep(IDENTITY, "made".getBytes(UTF_8));
        assertArrayEquals("made".getBytes(UTF_8), store.result(IDENTITY));
    }

    @Test
    void stepsRunOnceUnlessFreshIsAskedFor(@TempDir Path dir) throws Exception {
        int[] runs = {0};
        Step<String> step = new Step<>() {
            @Override
            public String make(Store store) {
                runs[0]++;
                return "result";
            }

            @Override
            public byte[] write(String result) {
                return result.getBytes(UTF_8);
            }

            @Override
            public String read(byte[] bytes, Store store) {
                return new String(bytes, UTF_8);
            }
        };
        Store store = Store.open(dir);
        Steps steps = new Steps(store, Events.none(), false);
        assertEquals("result", steps.run("unit", "step", IDENTITY, step));
        assertEquals("result", steps.run("unit", "step", IDENTITY, step));
        assertEquals(1, runs[0]);
        assertEquals("result", new Steps(store, Events.none(), true).run("unit", "step", IDENTITY, step));
        assertEquals(2, runs[0]);
    }

    @Test
    void everyPartOfAnIdentityCounts() {
        Sha256 base = Identity.of("squashfs", 1).with("level", 3).digest();
        assertEquals(base, Identity.of("squashfs", 1).with("level", 3).digest());
        assertNotEquals(base, Identity.of("squashfs", 2).with("level", 3).digest());
        assertNotEquals(base, Identity.of("squashfs", 1).with("level", 4).digest());
        assertNotEquals(
                Identity.of("s", 1).with("ab", "c").digest(),
                Identity.of("s", 1).with("a", "bc").digest());
    }
}
