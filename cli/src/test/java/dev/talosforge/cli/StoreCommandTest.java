package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.context.OpenStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandTest {
    private static final String OLD = "a".repeat(64);
    private static final String NEW = "b".repeat(64);

    @TempDir
    Path dir = Path.of("");

    private CommandLineRun run(String... args) {
        return CommandLineRun.in(dir, Map.of("TALOS_FORGE_STORE", store().toString()), args)
                .withoutFolder(dir);
    }

    private Path store() {
        return dir.resolve("store");
    }

    private Path file(String name, int size, int days) throws IOException {
        Path file = store().resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, new byte[size]);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    }

    private void fill() throws IOException {
        file("blobs/sha256/" + OLD, 2_000_000, 31);
        file("blobs/sha256/" + NEW, 1_500_000, 2);
        file("results/" + OLD, 300, 31);
        file("made/" + OLD, 96, 31);
        file("debian/debs/frr.deb", 70_000, 90);
        file("tmp/0123456789abcdef.part", 50, 0);
        file("notes.txt", 50, 90);
    }

    @Test
    void itShowsWhatIsThere() throws Exception {
        fill();
        CommandLineRun run = run("store");
        assertEquals("", run.err());
        assertEquals(0, run.code());
        assertEquals("""
                store: 3.6 MB
                  blobs              2     3.5 MB  layers, manifests, squashfs images, downloads
                  results            1      300 B  results of steps, by their inputs
                  records            1       96 B  digests that steps must reproduce
                  packages                70.0 kB  Debian packages and lists, which are kept
                  temporary          1       50 B  of active or killed runs
                2.0 MB not needed for 30 days; to remove it: talos-forge store clean
                """, run.out());
        assertTrue(Files.exists(store().resolve("tmp/0123456789abcdef.part")));
        assertFalse(Files.exists(store().resolve("lock")));
    }

    @Test
    void itShowsThatThereIsNone() {
        CommandLineRun run = run("store");
        assertEquals("store: nothing is stored yet\n", run.out());
        assertFalse(Files.exists(store()));
    }

    @Test
    void itRemovesWhatWasNotUsedForAMonth() throws Exception {
        fill();
        CommandLineRun look = run("store", "clean", "--dry-run");
        assertEquals("""
                would remove blobs              1     2.0 MB
                would remove results            1      300 B
                would remove temporary          1       50 B
                the store would have 1.6 MB, 2.0 MB less
                """, look.out());
        assertTrue(Files.exists(store().resolve("blobs/sha256").resolve(OLD)));

        CommandLineRun run = run("store", "clean");
        assertEquals("", run.err());
        assertEquals(0, run.code());
        assertEquals("""
                removed blobs              1     2.0 MB
                removed results            1      300 B
                removed temporary          1       50 B
                the store has 1.6 MB, 2.0 MB less
                """, run.out());
        assertFalse(Files.exists(store().resolve("blobs/sha256").resolve(OLD)));
        assertTrue(Files.exists(store().resolve("blobs/sha256").resolve(NEW)));
        assertTrue(Files.exists(store().resolve("made").resolve(OLD)));
        assertTrue(Files.exists(store().resolve("debian/debs/frr.deb")));
        assertTrue(Files.exists(store().resolve("notes.txt")));
        assertEquals(
                "nothing to remove: the store has 1.6 MB\n",
                run("store", "clean").out());
    }

    @Test
    void aSizeThatCannotBeReachedIsReported() throws Exception {
        fill();
        assertEquals("""
                removed blobs              2     3.5 MB
                removed results            1      300 B
                removed temporary          1       50 B
                the store has 70.1 kB, 3.5 MB less; records and packages are kept
                """, run("store", "clean", "--max-size", "1kB").out());
    }

    @Test
    void jsonHasAllInBytes() throws Exception {
        fill();
        JsonObject shown = json(run("store", "--json"));
        assertEquals(3_570_446, shown.whole("size"));
        assertEquals(2_000_300, shown.whole("unused_size"));
        assertEquals(
                List.of("blob 2", "result 1", "record 1", "packages 1", "temporary 1"),
                shown.items("contents").stream()
                        .map(JsonObject.class::cast)
                        .filter(row -> !Long.valueOf(0).equals(row.whole("count")))
                        .map(row -> row.text("kind") + " " + row.whole("count"))
                        .toList());

        JsonObject cleaned = json(run("store", "clean", "--older-than", "1d", "--json"));
        assertEquals(3_500_350, cleaned.whole("freed_size"));
        assertEquals(70_096, cleaned.whole("size"));
        assertEquals(
                List.of(OLD, NEW, OLD, "0123456789abcdef.part"),
                cleaned.items("removed").stream()
                        .map(item -> ((JsonObject) item).text("name"))
                        .toList());
        assertEquals(Json.of(false), cleaned.get("dry_run"));
    }

    private static JsonObject json(CommandLineRun run) throws IOException {
        return JsonReader.readObject("output", run.out().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void besideAnotherRunNothingIsRemoved() throws Exception {
        fill();
        try (OpenStore running = OpenStore.at(store(), InstantSource.system())) {
            assertEquals(1, running.removed().size());
            CommandLineRun run = run("store", "clean", "--max-size", "0");
            assertEquals(5, run.code());
            assertEquals("""
                    error: cannot clean the store store
                      why:   another run is using it and may need anything in it
                      try:   wait until it has ended, then run the command again
                    """, run.err());
            assertTrue(Files.exists(store().resolve("blobs/sha256").resolve(OLD)));
            assertEquals(0, run("store").code());
        }
        assertEquals(0, run("store", "clean").code());
    }

    @Test
    void whereNoLockCanBeTakenNothingIsRemoved() throws Exception {
        fill();
        Files.createSymbolicLink(store().resolve("lock"), dir.resolve("elsewhere"));
        CommandLineRun run = run("store", "clean");
        assertEquals(5, run.code());
        assertEquals("""
                error: cannot clean the store store
                  why:   its lock cannot be acquired: Too many levels of symbolic links (NOFOLLOW_LINKS specified)
                """, run.err());
        assertTrue(Files.exists(store().resolve("blobs/sha256").resolve(OLD)));
    }

    /** The lock goes with the command, and what a killed run left goes with the next command. */
    @Test
    void everyCommandThatUsesTheStoreTakesPart() throws Exception {
        fill();
        Path image = Files.write(dir.resolve("file"), new byte[10]);
        run("inspect", image.toString());
        assertFalse(Files.exists(store().resolve("tmp/0123456789abcdef.part")));
        assertTrue(Files.exists(store().resolve("lock")));
        assertEquals(0, run("store", "clean").code());
    }

    @Test
    void whatIsNoLimitIsAnError() {
        CommandLineRun time = run("store", "clean", "--older-than", "soon");
        assertEquals(2, time.code());
        assertEquals("""
                error: cannot use --older-than soon
                  why:   it is not a number followed by m, h, d or w, such as 7d
                """, time.err());
        CommandLineRun size = run("store", "clean", "--max-size", "small");
        assertEquals(2, size.code());
        assertEquals("""
                error: cannot use --max-size small
                  why:   it is not a size, such as 20GB, 1.5TB or 500MiB
                """, size.err());
    }
}
