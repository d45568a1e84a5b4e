package dev.talosforge.pipeline.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.engine.StoreLimits;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who uses a store, and who cleans it. */
class OpenStoreTest {
    @TempDir
    Path dir = Path.of("");

    private OpenStore open() throws IOException {
        return OpenStore.at(dir, InstantSource.system());
    }

    /** A clean-up of everything, in a month. */
    private StoreUpkeep.Cleaned clean(boolean only) throws IOException {
        return new StoreUpkeep(dir, InstantSource.fixed(Instant.now().plus(Duration.ofDays(31))))
                .clean(StoreLimits.usual(), only);
    }

    private static List<String> names(List<StoreItem> items) {
        return items.stream().map(StoreItem::name).toList();
    }

    @Test
    void whatAKilledRunLeftGoesWithTheNextOne() throws Exception {
        Path left;
        try (OpenStore store = open()) {
            left = store.store().temporaryFolder("build");
            Files.writeString(left.resolve("file"), "text");
        }
        try (OpenStore store = open()) {
            assertEquals(List.of(String.valueOf(left.getFileName())), names(store.removed()));
            assertFalse(Files.exists(left));
        }
    }

    @Test
    void whatARunningOneWritesStays() throws Exception {
        try (OpenStore running = open()) {
            Path writes = running.store().temporaryFolder("build");
            Path file = running.store().temporaryFile();
            Files.writeString(file, "text");
            try (OpenStore other = open()) {
                assertEquals(List.of(), other.removed());
                assertTrue(Files.exists(writes));
                assertTrue(Files.exists(file));
            }
        }
    }

    @Test
    void nobodyCleansAStoreThatIsInUse() throws Exception {
        try (OpenStore store = open()) {
            Sha256 blob = store.store().put(out -> out.write(1));
            BuildException refused = assertThrows(BuildException.class, () -> clean(false));
            assertEquals(Problem.Kind.ENVIRONMENT, refused.problems().getFirst().kind());
            assertThrows(BuildException.class, () -> clean(true));
            assertNotNull(store.store().find(blob));
        }
    }

    @Test
    void whenNobodyUsesItWhatIsOldGoes() throws Exception {
        Path blob;
        try (OpenStore store = open()) {
            blob = store.store().path(store.store().put(out -> out.write(1)));
        }
        assertEquals(
                List.of(String.valueOf(blob.getFileName())), names(clean(true).removed()));
        assertTrue(Files.exists(blob));
        assertEquals(
                List.of(String.valueOf(blob.getFileName())), names(clean(false).removed()));
        assertFalse(Files.exists(blob));
        assertEquals(List.of(), clean(false).removed());
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void lookingMakesNoStore() throws Exception {
        Path none = dir.resolve("none");
        StoreUpkeep upkeep = new StoreUpkeep(none, InstantSource.system());
        assertEquals(List.of(), upkeep.contents());
        assertEquals(List.of(), upkeep.clean(StoreLimits.usual(), false).removed());
        assertFalse(Files.exists(none));

        Path other = Files.createDirectory(dir.resolve("other"));
        Files.writeString(other.resolve("file"), "text");
        assertEquals(
                List.of(),
                new StoreUpkeep(other, InstantSource.system())
                        .clean(new StoreLimits(null, 0L), false)
                        .removed());
        assertEquals(List.of(other.resolve("file")), listed(other));
    }
}
