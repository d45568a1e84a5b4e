package dev.talosforge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void aProgramReadsWhatItIsGiven() throws Exception {
        Output message = new Output(6);
        assertEquals(0, shell("cat; cat").run("a line\n".getBytes(UTF_8), message, null, null));
        assertEquals("a line", message.text());
        assertTrue(message.isTooMuch());
        byte[] more = new byte[1 << 20];
        assertEquals(7, shell("exit 7").run(more, message, null, Duration.ofMinutes(10)), "nobody reads it");
    }

    @Test
    void aLogGetsBothStreamsBehindWhatItHas() throws Exception {
        Path file = Files.writeString(folder.resolve("log"), "before\n");
        Program program = shell("cat; echo 1; echo 2 >&2; exit 3");
        assertEquals(3, program.run(new Log(file, true, 100, _ -> {}), Duration.ofMinutes(10)));
        assertEquals("before\n1\n2\n", Files.readString(file));
        assertEquals(3, program.run(Log.of(file, 100), Duration.ofMinutes(10)));
        assertEquals("1\n2\n", Files.readString(file));
    }

    @Test
    void aProgramThatSaysTooMuchOrTakesTooLongIsEndedWithAllThatItStarted() throws Exception {
        Path file = folder.resolve("log");
        Program program = shell("sleep 1000 & echo $!; head -c 100000 /dev/zero; wait");
        assertThrows(Program.OutputLimitExceeded.class, () -> program.run(Log.of(file, 1000), Duration.ofMinutes(10)));
        String first = Files.readString(file).lines().findFirst().orElseThrow();
        assertFalse(ProcessHandle.of(Long.parseLong(first)).isPresent());
        assertThrows(TimeoutException.class, () -> shell("sleep 1000").run(Log.of(file, 1000), Duration.ofMillis(1)));
    }

    @Test
    void anEnvironmentIsItsOwnOrThatOfThisProcess() throws Exception {
        Output message = new Output(100);
        assertEquals(
                0,
                Program.inheriting(List.of("sh", "-c", "echo ${PATH:+has} $SEEN"), null)
                        .with("SEEN", "more")
                        .run(message, null, null));
        assertEquals("has more\n", message.text());
    }

    @Test
    void bothStreamsTogetherKeepTheirOrder() throws Exception {
        shell("echo 1; echo 2 >&2; echo 3; echo 4 >&2").run((b, n) -> out.write(b, 0, n), null, null);
        assertEquals("1\n2\n3\n4\n", out.toString(UTF_8));
    }

    @Test
    void aMissingProgramDoesNotStart() {
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
        List<String> message = new ArrayList<>();
        Lines lines = new Lines(line -> {
            message.add(line);
            me.interrupt();
        });
        assertThrows(
                InterruptedException.class,
                () -> shell("sh -c 'trap : TERM; echo $$; while :; do sleep 1000; done'; echo never")
                        .run(lines, null, null));
        assertFalse(message.contains("never"), message::toString);
        assertFalse(runs(message.getFirst()), message::toString);
    }

    /** One that has ended may still be listed until somebody has asked how. */
    private static boolean runs(String process) throws IOException {
        Path stat = Path.of("/proc", process, "stat");
        return Files.exists(stat)
                && !Files.readString(stat).replaceFirst(".*\\) ", "").startsWith("Z");
    }
}
