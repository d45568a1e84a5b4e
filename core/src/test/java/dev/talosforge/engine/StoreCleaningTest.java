package dev.talosforge.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is chosen by age and size, and that nothing else goes. */
class StoreCleaningTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String C = "c".repeat(64);
    private static final StoreGuests GUESTS = new StoreGuests(
            Pattern.compile("\\.part-([0-9a-f]{64})"), Pattern.compile("\\.part-[0-9]+"), List.of("guest"));

    @TempDir
    Path dir = Path.of("");

    private StoreCleaning cleaning = new StoreCleaning(Path.of(""), GUESTS);

    @BeforeEach
    void store() throws IOException {
        Store.open(dir);
        cleaning = new StoreCleaning(dir, GUESTS);
    }

    /** A file of so many bytes that was last used so long ago. */
    private Path file(String name, int size, Duration ago) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(dir.resolve(name).resolveSibling(""));
        Files.write(file, new byte[size]);
        return used(file, ago);
    }

    private static Path used(Path path, Duration ago) throws IOException {
        return Files.setLastModifiedTime(path, FileTime.from(NOW.minus(ago)));
    }

    private List<String> names(List<StoreItem> items) {
        return items.stream()
                .map(item -> dir.relativize(item.path()).toString())
                .toList();
    }

    private List<String> beyond(@Nullable Duration unused, @Nullable Long size) throws IOException {
        return names(cleaning.beyond(cleaning.contents(), new StoreLimits(unused, size), NOW));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> dir.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }

    @Test
    void whatWasUsedWithinTheLimitStays() throws Exception {
        file("blobs/sha256/" + A, 10, days(29));
        file("blobs/sha256/" + B, 10, days(30));
        file("results/" + A, 10, days(29));
        file("results/" + B, 10, days(31));
        file("logs/build-0123456789abcdef.log", 10, days(31));
        file("logs/build-fedcba9876543210.log", 10, days(2));

        assertEquals(
                List.of("blobs/sha256/" + B, "results/" + B, "logs/build-0123456789abcdef.log"),
                names(cleaning.beyond(cleaning.contents(), StoreLimits.usual(), NOW)));
        assertEquals(List.of(), beyond(null, null));
    }

    @Test
    void aClockThatWasAheadKeepsWhatItStamped() throws Exception {
        file("blobs/sha256/" + A, 10, days(-400));
        assertEquals(List.of(), beyond(days(1), null));
    }

    /** Its own time is that of the packages it was unpacked from, or of the unpacking. */
    @Test
    void aFolderWasUsedWhenItsResultWas() throws Exception {
        file("folders/" + A + "/bin/tool", 100, days(400));
        used(dir.resolve("folders/" + A), days(400));
        file("folders/" + B + "/bin/tool", 100, days(1));
        used(dir.resolve("folders/" + B), days(1));
        file("folders/" + C + "/bin/tool", 100, days(400));
        used(dir.resolve("folders/" + C), days(400));
        file("results/" + A, 10, days(1));
        file("results/" + B, 10, days(400));

        assertEquals(List.of("results/" + B, "folders/" + B, "folders/" + C), beyond(days(30), null));
    }

    @Test
    void recordsOfDigestsOutliveTheirResults() throws Exception {
        file("made/" + A, 10, days(364));
        file("made/" + B, 10, days(365));
        file("made/" + C, 10, days(800));
        file("results/" + C, 10, days(1));
        assertEquals(List.of("made/" + B), beyond(days(7), null));
        assertEquals(List.of("made/" + B, "results/" + C), beyond(days(7), 0L));
    }

    @Test
    void theLeastRecentlyUsedGoUntilTheRestFits() throws Exception {
        file("blobs/sha256/" + A, 100, days(3));
        file("blobs/sha256/" + B, 100, days(9));
        file("blobs/sha256/" + C, 100, days(1));
        file("results/" + A, 20, days(9));
        file("guest/file", 1000, days(500));

        assertEquals(List.of(), beyond(null, 1320L));
        assertEquals(List.of("blobs/sha256/" + B), beyond(null, 1319L));
        assertEquals(List.of("blobs/sha256/" + B), beyond(null, 1220L));
        assertEquals(List.of("blobs/sha256/" + B, "results/" + A), beyond(null, 1219L));
        assertEquals(4, beyond(null, 0L).size());
    }

    /** What goes by age counts first. */
    @Test
    void bothLimitsHold() throws Exception {
        file("blobs/sha256/" + A, 100, days(40));
        file("blobs/sha256/" + B, 100, days(9));
        file("blobs/sha256/" + C, 100, days(1));
        assertEquals(List.of("blobs/sha256/" + A), beyond(days(30), 200L));
        assertEquals(List.of("blobs/sha256/" + A, "blobs/sha256/" + B), beyond(days(30), 199L));
    }

    @Test
    void whatKilledRunsLeftGoes() throws Exception {
        file("tmp/0123456789abcdef.part", 10, days(0));
        file("tmp/build-123456/source/file", 10, days(0));
        file("blobs/sha256/.part-17", 10, days(0));
        file("blobs/sha256/.part-" + A, 10, days(6)); // the next pull goes on with it
        file("blobs/sha256/.part-" + B, 10, days(7));
        file("blobs/sha256/.part-" + C, 10, days(0));
        file("blobs/sha256/" + C, 10, days(400));

        List<StoreItem> leftovers = cleaning.leftovers(NOW);
        assertEquals(
                List.of(
                        "blobs/sha256/.part-17",
                        "blobs/sha256/.part-" + B,
                        "blobs/sha256/.part-" + C,
                        "tmp/0123456789abcdef.part",
                        "tmp/build-123456"),
                names(leftovers));
        cleaning.remove(leftovers);
        assertEquals(List.of("blobs/sha256/.part-" + A, "blobs/sha256/" + C), files());
    }

    @Test
    void filesOfOthersStay() throws Exception {
        List<String> others = List.of(
                "blobs/sha256/README",
                "blobs/sha256/" + A.toUpperCase(Locale.ROOT),
                "blobs/sha256/" + B + "/file",
                "blobs/sha512/" + A,
                "folders/" + A,
                "logs/build.log",
                "made/notes.txt",
                "notes",
                "results/" + A + ".orig",
                "tmp/0123456789abcdef.txt",
                "tmp/build/file",
                "tmp/mine.part");
        for (String name : others) {
            file(name, 10, days(1000));
        }
        Files.createSymbolicLink(dir.resolve("blobs/sha256/" + C), dir.resolve("notes"));
        used(dir.resolve("notes"), days(1000));

        assertEquals(List.of(), cleaning.contents());
        cleaning.remove(cleaning.beyond(cleaning.contents(), new StoreLimits(days(0), 0L), NOW));
        assertEquals(
                Stream.concat(others.stream(), Stream.of("blobs/sha256/" + C))
                        .sorted()
                        .toList(),
                files());
    }

    @Test
    void whatIsRemovedIsGoneAndNothingElse() throws Exception {
        file("blobs/sha256/" + A, 10, days(40));
        file("blobs/sha256/" + B, 10, days(1));
        file("folders/" + A + "/bin/tool", 100, days(40));
        Files.createSymbolicLink(dir.resolve("folders/" + A + "/bin/link"), dir.resolve("blobs/sha256/" + B));
        Files.setPosixFilePermissions(
                dir.resolve("folders/" + A + "/bin"), PosixFilePermissions.fromString("r-xr-xr-x"));
        used(dir.resolve("folders/" + A), days(40));

        List<StoreItem> all = cleaning.contents();
        assertEquals(
                100,
                all.stream()
                        .filter(item -> item.kind() == StoreItem.Kind.FOLDER)
                        .findFirst()
                        .orElseThrow()
                        .size());
        cleaning.remove(cleaning.beyond(all, StoreLimits.usual(), NOW));
        assertEquals(List.of("blobs/sha256/" + B), files());
        assertTrue(cleaning.leftovers(NOW).isEmpty());
        cleaning.remove(all); // gone already: no failure
    }

    @Test
    void aMissingStoreIsEmpty() throws Exception {
        assertEquals(List.of(), new StoreCleaning(dir.resolve("none"), GUESTS).contents());
        assertEquals(List.of(), new StoreCleaning(dir.resolve("none"), GUESTS).leftovers(NOW));
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        file("blobs/sha256/" + A, 10, days(40));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> cleaning.remove(cleaning.contents()));
        assertEquals(List.of("blobs/sha256/" + A), files());
    }
}
