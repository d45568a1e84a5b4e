package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.oci.Descriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clean-up knows files of pulls by their names: those that pulls give them. */
class PullNamesTest {
    private static final Descriptor BLOB = Descriptor.of("application/octet-stream", "content".getBytes(UTF_8));

    @Test
    void filesOfPullsAreKnownByTheirNames(@TempDir Path dir) throws Exception {
        Path target = dir.resolve(BLOB.digest().hex());
        try (PartialFile first = PartialFile.of(BLOB, target);
                PartialFile second = PartialFile.of(BLOB, target);
                Stream<Path> listed = Files.list(dir)) {
            List<String> names =
                    listed.map(file -> String.valueOf(file.getFileName())).toList();
            assertNotNull(first);
            assertNotNull(second);
            assertEquals(2, names.size(), names::toString);
            List<Matcher> kept = names.stream()
                    .map(PullNames.KEPT::matcher)
                    .filter(Matcher::matches)
                    .toList();
            assertEquals(1, kept.size(), names::toString);
            assertEquals(BLOB.digest().hex(), kept.getFirst().group(1));
            assertEquals(
                    1, names.stream().filter(PullNames.OWN.asMatchPredicate()).count(), names::toString);
            assertTrue(
                    names.stream().noneMatch(PullNames.KEPT.asMatchPredicate().and(PullNames.OWN.asMatchPredicate())));
        }
    }
}
