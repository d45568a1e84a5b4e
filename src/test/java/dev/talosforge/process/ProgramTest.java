package dev.talosforge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("reference")
class ProgramTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Program program(String... command) {
        return new Program(
                List.of(command), folder, new TreeMap<>(Map.of("PATH", "/usr/bin:/bin", "SEEN", "a variable")));
    }

    private Program shell(String script) {
        return program("sh", "-c", script);
    }

    @Test
    void aProgramRunsInItsFolderWithItsEnvironmentAndNothingToRead() throws Exception {
        int status = shell("cat; pwd; echo $SEEN $HOME; echo bad >&2; exit 3")
                .run((b, n) -> out.write(b, 0, n), (b, n) -> err.write(b, 0, n), null);
        assertEquals(3, status);
        assertEquals(folder.toRealPath() + "\na variable\n", out.toString(UTF_8));
        assertEquals("bad\n", err.toString(UTF_8));
    }

    @Test
    void bothStreamsTogetherKeepTheirOrder() throws Exception {
        shell("echo 1; echo 2 >&2; echo 3; echo 4 >&2").run((b, n) -> out.write(b, 0, n), null, null);
        assertEquals("1\n2\n3\n4\n", out.toString(UTF_8));
    }

    @Test
    void aProgramThatIsNotThereDoesNotStart() {
        assertEquals(
                "No such file or directory",
                assertThrows(
                                Program.CannotStart.class,
                                () -> program("no-such-program").run((b, n) -> {}, null, null))
                        .getMessage());
        assertEquals(
                "Permission denied",
                assertThrows(
                                Program.CannotStart.class,
                                () -> program(Files.createFile(folder.resolve("plain"))
                                                .toString())
                                        .run((b, n) -> {}, null, null))
                        .getMessage());
    }

    @Test
    void aProgramThatTakesTooLongIsEnded() {
        assertThrows(TimeoutException.class, () -> shell("sleep 1000").run((b, n) -> {}, null, Duration.ofMillis(1)));
    }

    /** The thread is interrupted when the innermost program has said its process id. */
    @Test
    void anInterruptEndsTheProgramAndAllThatItStarted() throws Exception {
        Thread me = Thread.currentThread();
        List<String> said = new ArrayList<>();
        Lines lines = new Lines(line -> {
            said.add(line);
            me.interrupt();
        });
        assertThrows(
                InterruptedException.class,
                () -> shell("sh -c 'trap : TERM; echo $$; while :; do sleep 1000; done'; echo never")
                        .run(lines, null, null));
        assertFalse(said.contains("never"), said::toString);
        assertFalse(runs(said.getFirst()), said::toString);
    }

    /** One that has ended may still be listed until somebody has asked how. */
    private static boolean runs(String process) throws IOException {
        Path stat = Path.of("/proc", process, "stat");
        return Files.exists(stat)
                && !Files.readString(stat).replaceFirst(".*\\) ", "").startsWith("Z");
    }
}
