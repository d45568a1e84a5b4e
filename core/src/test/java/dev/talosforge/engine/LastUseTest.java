package dev.talosforge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found is noted as used: to the day. */
class LastUseTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Sha256 IDENTITY = Identity.of("test", 1).digest();

    @TempDir
    Path dir = Path.of("");

    private Store store() throws IOException {
        return Store.open(dir, InstantSource.fixed(NOW));
    }

    private static void used(Path file, Duration ago) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(ago)));
    }

    private static Instant used(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    @Test
    void aBlobThatIsFoundIsUsed() throws Exception {
        Sha256 digest = store().put(out -> out.write(1));
        Path file = store().path(digest);
        used(file, Duration.ofDays(3));
        assertNotNull(store().find(digest));
        assertEquals(NOW, used(file));

        Instant before = NOW.minus(Duration.ofHours(23));
        used(file, Duration.ofHours(23));
        assertNotNull(store().find(digest));
        assertEquals(before, used(file));
    }

    @Test
    void aResultThatIsFoundIsUsed() throws Exception {
        store().keep(IDENTITY, out -> out.write(1));
        Path file = dir.resolve("results").resolve(IDENTITY.hex());
        used(file, Duration.ofDays(1));
        assertNotNull(store().result(IDENTITY));
        assertEquals(NOW, used(file));
    }

    @Test
    void aDamagedResultIsNotUsed() throws Exception {
        store().keep(IDENTITY, out -> out.write(1));
        Path file = dir.resolve("results").resolve(IDENTITY.hex());
        Files.writeString(file, "cut");
        used(file, Duration.ofDays(2));
        assertNull(store().result(IDENTITY));
        assertEquals(NOW.minus(Duration.ofDays(2)), used(file));
    }

    @Test
    void aTimeInTheFutureIsSetRight() throws Exception {
        Sha256 digest = store().put(out -> out.write(1));
        used(store().path(digest), Duration.ofDays(-40));
        assertNotNull(store().find(digest));
        assertEquals(NOW, used(store().path(digest)));
    }

    @Test
    void withoutAClockNothingIsNoted() throws Exception {
        Sha256 digest = store().put(out -> out.write(1));
        used(store().path(digest), Duration.ofDays(3));
        assertNotNull(Store.open(dir).find(digest));
        assertEquals(NOW.minus(Duration.ofDays(3)), used(store().path(digest)));
    }

    /** The note changes what the file is known by. */
    @Test
    void aDamagedBlobIsThrownAwayThoughItWasNoted() throws Exception {
        Store store = store();
        Sha256 digest = store.put(out -> out.write("content".getBytes(UTF_8)));
        Files.writeString(store.path(digest), "CONTENT");
        used(store.path(digest), Duration.ofDays(3));
        ByteSource found = store.find(digest);
        assertNotNull(found);
        assertThrows(DamagedException.class, () -> found.readAll("blob", 100));
        assertNull(store.find(digest));
    }
}
