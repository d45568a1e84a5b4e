package dev.talosforge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
        store.keep(IDENTITY, out -> out.write("made".getBytes(UTF_8)));
        assertEquals("made", kept(store));
    }

    @Test
    void stepsRunOnceUnlessFreshIsAskedFor(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        Steps steps = new Steps(store, Events.none(), false);
        Text step = new Text("result");
        assertEquals("result", steps.run("unit", "step", IDENTITY, step));
        assertEquals("result", steps.run("unit", "step", IDENTITY, step));
        assertEquals(1, step.runs);
        assertEquals("result", new Steps(store, Events.none(), true).run("unit", "step", IDENTITY, step));
        assertEquals(2, step.runs);
    }

    /** A step that makes a text. */
    private static final class Text implements Step<String> {
        private final String made;
        private int runs;

        Text(String made) {
            this.made = made;
        }

        @Override
        public String make(Store store) {
            runs++;
            return made;
        }

        @Override
        public void write(String result, OutputStream out) throws IOException {
            out.write(result.getBytes(UTF_8));
        }

        @Override
        public String read(InputStream in, Store store) throws IOException {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static @Nullable String kept(Store store) throws IOException {
        ByteSource result = store.result(IDENTITY);
        return result == null ? null : new String(result.readAll("result", 100), UTF_8);
    }

    @Test
    void theSameIdentityWithAnotherDigestThanLastTimeIsAnError(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        Steps fresh = new Steps(store, Events.none(), true);
        fresh.run("unit", "build a", IDENTITY, new Text("one"));
        Files.delete(dir.resolve("results").resolve(IDENTITY.hex())); // the record outlives the result

        BuildException failed =
                assertThrows(BuildException.class, () -> fresh.run("unit", "build a", IDENTITY, new Text("two")));
        Path record = dir.resolve("made").resolve(IDENTITY.hex());
        assertEquals(
                List.of(Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot trust the step \"build a\"")
                        .because("the same inputs gave another result than last time: then "
                                + Sha256.of("one".getBytes(UTF_8)) + ", now " + Sha256.of("two".getBytes(UTF_8)))
                        .trying(Remedy.sentence("run it again with ", Remedy.give(RunOption.FRESH))
                                .then("; if the result differs each time, a build's command is not repeatable, or this"
                                        + " machine's memory or disk is faulty; to accept the new result: rm "
                                        + record))),
                failed.problems());
        assertNull(kept(store));

        // of a changed step, and after somebody has said that the new one is as good
        Sha256 revised = Identity.of("test", 2).digest();
        assertEquals("two", fresh.run("unit", "build a", revised, new Text("two")));
        Files.delete(record);
        assertEquals("two", fresh.run("unit", "build a", IDENTITY, new Text("two")));
    }

    @Test
    void aDamagedRecordOfADigestSaysNothing(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        new Steps(store, Events.none(), true).run("unit", "step", IDENTITY, new Text("one"));
        flip(dir.resolve("made").resolve(IDENTITY.hex()), 3);
        assertEquals("two", new Steps(store, Events.none(), true).run("unit", "step", IDENTITY, new Text("two")));
    }

    @Test
    void aDamagedResultCountsAsNone(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        Path file = dir.resolve("results").resolve(IDENTITY.hex());
        store.keep(IDENTITY, out -> out.write("made".getBytes(UTF_8)));
        for (int at = 0; at < Files.size(file); at++) {
            flip(file, at);
            assertNull(kept(store), "byte " + at);
            flip(file, at);
        }
        assertEquals("made", kept(store));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertNull(kept(store), length + " bytes");
        }
        // one of another step, put here
        Sha256 other = Identity.of("other", 1).digest();
        store.keep(other, out -> out.write("made".getBytes(UTF_8)));
        Files.copy(dir.resolve("results").resolve(other.hex()), file, StandardCopyOption.REPLACE_EXISTING);
        assertNull(kept(store));
        // and no file at all
        Files.delete(file);
        Files.createDirectories(file.resolve("folder"));
        assertNull(kept(store));
        store.keep(IDENTITY, out -> out.write("again".getBytes(UTF_8)));
        assertEquals("again", kept(store));
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void aDamagedBlobIsThrownAwayWhenItIsRead(@TempDir Path dir) throws Exception {
        Sha256 digest = Store.open(dir).put(out -> out.write("0123456789".getBytes(UTF_8)));
        List<byte[]> others = List.of(
                new byte[0],
                "012345678".getBytes(UTF_8),
                "0123456780".getBytes(UTF_8),
                "01234567890".getBytes(UTF_8),
                "something of somebody".getBytes(UTF_8));
        for (byte[] other : others) {
            Store store = Store.open(dir); // another run
            Files.write(store.path(digest), other);
            ByteSource found = store.find(digest);
            assertNotNull(found);
            DamagedException damaged = assertThrows(DamagedException.class, () -> Sha256.of(found));
            assertEquals("the store's copy of %s is damaged".formatted(digest), damaged.getMessage());
            assertEquals(List.of(digest), store.damaged());
            assertNull(store.find(digest));
            store.put(out -> out.write("0123456789".getBytes(UTF_8)));
            assertEquals("0123456789", new String(blob(store, digest).readAll("blob", 100), UTF_8));
        }
    }

    private static ByteSource blob(Store store, Sha256 digest) throws IOException {
        ByteSource found = store.find(digest);
        assertNotNull(found);
        return found;
    }

    @Test
    void noReaderOfADamagedBlobComesToItsEnd(@TempDir Path dir) throws Exception {
        Sha256 digest = Store.open(dir).put(out -> out.write(new byte[300_000]));
        flip(Store.open(dir).path(digest), 299_999);

        // who reads the beginning only, fails when it closes the stream
        assertThrows(DamagedException.class, () -> blob(Store.open(dir), digest).read("head", 0, 6));
        Store.open(dir).put(out -> out.write(new byte[300_000]));
        flip(Store.open(dir).path(digest), 0);
        // who begins elsewhere, before it reads a byte
        assertThrows(DamagedException.class, () -> blob(Store.open(dir), digest).openAt(200_000));
        Store.open(dir).put(out -> out.write(new byte[300_000]));
        flip(Store.open(dir).path(digest), 0);
        // who copies it never gets the last bytes
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        assertThrows(DamagedException.class, () -> {
            try (InputStream in = blob(Store.open(dir), digest).open()) {
                in.transferTo(copy);
            }
        });
        assertTrue(copy.size() < 300_000);
    }

    @Test
    void whatIsNotAFileIsNotABlobAndMakesRoomForOne(@TempDir Path dir) throws Exception {
        Store store = Store.open(dir);
        byte[] content = "content".getBytes(UTF_8);
        Sha256 digest = Sha256.of(content);
        Path place = store.path(digest);
        Files.createDirectories(place.resolve("folder/folder"));
        assertNull(store.find(digest));
        assertEquals(digest, store.put(out -> out.write(content)));
        assertEquals("content", Files.readString(place));

        Path elsewhere = Files.writeString(dir.resolve("elsewhere"), "content");
        Files.delete(place);
        Files.createSymbolicLink(place, elsewhere);
        assertNull(store.find(digest));
        store.put(out -> out.write(content));
        assertFalse(Files.isSymbolicLink(place));
        assertTrue(Files.exists(elsewhere));
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
