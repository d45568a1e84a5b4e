package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTest {
    private static final StateLock.Holder ANN =
            new StateLock.Holder("apply", "ann@build1", "0.1.0", () -> Instant.parse("2026-01-02T03:04:05.678Z"));

    @TempDir
    Path dir;

    private Path state;
    private Path note;

    @BeforeEach
    void places() {
        state = dir.resolve("terraform.tfstate");
        note = dir.resolve(".terraform.tfstate.lock.info");
    }

    private Problem refusal() {
        BuildException refused = assertThrows(BuildException.class, () -> StateLock.take(state));
        assertEquals(1, refused.problems().size());
        return refused.problems().getFirst();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aSecondRunIsRefusedWithTheHolder() throws Exception {
        try (StateLock first = StateLock.take(state, ANN)) {
            String id = String.valueOf(
                    JsonReader.readObject("note", Files.readAllBytes(note)).text("ID"));
            assertEquals(
                    Problem.failed(Problem.Kind.ENVIRONMENT, "cannot apply " + dir)
                            .because(
                                    "the state %s is locked: apply by ann@build1 since 2026-01-02T03:04:05Z (lock ID %s)"
                                            .formatted(state, id))
                            .trying("wait for it to end, then run the command again"),
                    refusal());
            assertTrue(first.held());
        }
        StateLock.take(state).close();
    }

    @Test
    void theNoteIsTheOneThatTerraformReads() throws Exception {
        try (StateLock lock = StateLock.take(state, ANN)) {
            assertTrue(lock.held());
            String id = String.valueOf(
                    JsonReader.readObject("note", Files.readAllBytes(note)).text("ID"));
            assertTrue(id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), id);
            assertEquals("""
                    {"ID":"%s","Operation":"apply","Info":"talos-forge","Who":"ann@build1","Version":"0.1.0",\
                    "Created":"2026-01-02T03:04:05Z","Path":"%s"}
                    """.formatted(id, state), Files.readString(note));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(note)));
        }
        assertEquals(List.of(), names(), "neither the note nor an empty state stays");
    }

    @Test
    void aNoteWithoutAHolderStillHasATimeThatTerraformCanRead() throws Exception {
        try (StateLock lock = StateLock.take(state)) {
            assertTrue(lock.held());
            assertEquals(
                    "0001-01-01T00:00:00Z",
                    JsonReader.readObject("note", Files.readAllBytes(note)).text("Created"));
        }
    }

    @Test
    void theNoteOfAHiddenStateHasOneDot() {
        assertEquals(Path.of("a", ".b.lock.info"), LockInfo.beside(Path.of("a", ".b")));
        assertEquals(Path.of("a", ".b.lock.info"), LockInfo.beside(Path.of("a", "b")));
    }

    @Tag("reference")
    @Test
    void theLockOfAnotherProgramIsHonoured() throws Exception {
        Files.writeString(note, """
                {"ID":"f0f5","Operation":"OperationTypeApply","Info":"","Who":"bob@desk","Version":"1.9.0",\
                "Created":"2026-11-25T18:00:00.123456789Z","Path":"terraform.tfstate"}""");
        try (OtherProcess terraform = OtherProcess.start("lock", state)) {
            assertEquals("free", terraform.line());
            assertEquals(
                    "the state %s is locked: OperationTypeApply by bob@desk since 2026-11-25T18:00:00.123456789Z (lock ID f0f5)"
                            .formatted(state),
                    refusal().why());
            Files.writeString(note, "not a note");
            assertEquals(
                    "the state %s is locked: its holder left no information in %s".formatted(state, note),
                    refusal().why());
            assertThrows(BuildException.class, () -> StateFile.at(state).record(Map.of("a", Json.of("b"))));
            assertEquals(0, Files.size(state), "nothing is written behind its back");
        }
        StateLock.take(state).close();
    }

    /** A lock is gone with any handle of the file that closes, and a renamed file has none. Ours stays through both. */
    @Tag("reference")
    @Test
    void anotherProgramFindsOursUntilItEnds() throws Exception {
        Files.writeString(state, "{\"version\":4,\"serial\":1,\"outputs\":{}}");
        StateFile file = StateFile.at(state);
        try (StateLock lock = StateLock.take(state, ANN)) {
            assertEquals("locked by another", OtherProcess.run("lock", state));
            assertEquals(Map.of(), file.outputs());
            assertEquals("locked by another", OtherProcess.run("lock", state), "after a read");
            assertTrue(file.record(Map.of("a", Json.of("b"))));
            assertEquals("locked by another", OtherProcess.run("lock", state), "after a write");
            assertEquals(Map.of("a", Json.of("b")), file.outputs());
            assertTrue(file.record(Map.of("a", Json.of("c"))));
            assertEquals("locked by another", OtherProcess.run("lock", state), "after a second write");
            assertTrue(lock.held());
        }
        assertEquals("free", OtherProcess.run("lock", state));
        assertEquals(List.of("terraform.tfstate", "terraform.tfstate.backup"), names());
    }

    @Tag("reference")
    @Test
    void aKilledRunBlocksNobody() throws Exception {
        try (OtherProcess killed = OtherProcess.start("take", state)) {
            assertEquals("taken", killed.line());
            assertTrue(refusal().why().startsWith("the state " + state + " is locked: apply by ann@build1"));
            killed.kill();
        }
        assertEquals(List.of(".terraform.tfstate.lock.info", "terraform.tfstate"), names(), "it left its note");
        try (StateLock lock = StateLock.take(state)) {
            assertTrue(
                    String.valueOf(lock.leftBy()).startsWith("apply by ann@build1 since 2026-01-02T03:04:05Z (lock"));
        }
        try (StateLock lock = StateLock.take(state)) {
            assertNull(lock.leftBy());
        }
    }

    /** Terraform with {@code -lock-timeout} waits with the old file open, and would write where nobody looks. */
    @Test
    void whoWaitedOnAReplacedStateReadsThatItWas() throws Exception {
        Files.writeString(state, "{\"version\":4,\"serial\":1,\"outputs\":{}}");
        try (RandomAccessFile waiting = new RandomAccessFile(state.toFile(), "r")) {
            try (StateLock lock = StateLock.take(state)) {
                assertTrue(StateFile.at(state).record(Map.of("a", Json.of("b"))));
                assertTrue(lock.held());
            }
            assertEquals(
                    "{\"version\": 5, \"terraform_version\": \"0.0.0-replaced-while-you-waited-run-it-again\"}",
                    waiting.readLine());
        }
    }

    @Test
    void aStateWithASecondNameIsLeftAsItWas() throws Exception {
        Files.writeString(state, "{\"version\":4,\"serial\":1,\"outputs\":{}}");
        Path second = Files.createLink(dir.resolve("kept"), state);
        assertTrue(StateFile.at(state).record(Map.of("a", Json.of("b"))));
        assertEquals("{\"version\":4,\"serial\":1,\"outputs\":{}}", Files.readString(second));
    }

    @Test
    void aStateThatIsRemovedOrReplacedTakesTheLockAway() throws Exception {
        Files.writeString(state, "{\"version\":4,\"serial\":1,\"outputs\":{}}");
        try (StateLock lock = StateLock.take(state)) {
            Files.delete(state);
            assertFalse(lock.held());
            Files.writeString(state, "{\"version\":4,\"serial\":9,\"outputs\":{}}");
            assertFalse(lock.held());
            IOException lost =
                    assertThrows(IOException.class, () -> StateFile.at(state).record(Map.of("a", Json.of("b"))));
            assertEquals("the lock of %s was lost".formatted(state), lost.getMessage());
        }
        assertEquals("{\"version\":4,\"serial\":9,\"outputs\":{}}", Files.readString(state));
    }

    @Tag("reference")
    @Test
    void anInterruptTakesNothingAway() throws Exception {
        Files.writeString(state, "{\"version\":4,\"serial\":1,\"outputs\":{}}");
        try (StateLock lock = StateLock.take(state)) {
            Thread.currentThread().interrupt();
            assertEquals(Map.of(), StateFile.at(state).outputs());
            assertTrue(StateFile.at(state).record(Map.of("a", Json.of("b"))));
            assertTrue(Thread.interrupted());
            assertTrue(lock.held());
            assertEquals("locked by another", OtherProcess.run("lock", state));
        }
    }

    @Test
    void aStateByAnotherNameIsTheSame() throws Exception {
        Files.writeString(state, "{\"version\":4}");
        Path link = Files.createSymbolicLink(dir.resolve("link"), state);
        try (StateLock lock = StateLock.take(link)) {
            assertTrue(lock.held());
            assertEquals(
                    "the state %s is locked: its holder left no information in %s".formatted(state, note),
                    refusal().why());
            assertEquals(List.of(".link.lock.info", "link", "terraform.tfstate"), names());
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        StateLock first = StateLock.take(state);
        first.close();
        try (StateLock second = StateLock.take(state)) {
            first.close();
            assertTrue(second.held());
            assertTrue(Files.exists(note));
        }
    }
}
