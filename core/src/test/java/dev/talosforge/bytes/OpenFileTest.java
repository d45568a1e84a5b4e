package dev.talosforge.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Real failures of the operating system, which says no name with them. */
class OpenFileTest {
    /** A device that never has room. */
    private static final Path FULL = Path.of("/dev/full");

    private static String message(Executable work) {
        return String.valueOf(assertThrows(FileSystemException.class, work).getMessage());
    }

    @Test
    void whatCannotBeWrittenIsNamed() {
        List<Executable> ways = List.of(
                () -> {
                    try (OpenFile file = OpenFile.of(FULL, StandardOpenOption.WRITE)) {
                        file.write(ByteBuffer.wrap(new byte[10]));
                    }
                },
                () -> OpenFile.write(FULL, new byte[10]),
                () -> {
                    try (NewFileStream file = NewFileStream.of(FULL)) {
                        file.write(new byte[10]);
                    }
                },
                () -> {
                    try (NewFileStream file = NewFileStream.of(FULL)) {
                        file.write(1);
                    }
                });
        for (Executable way : ways) {
            assertEquals("/dev/full: No space left on device after writing 0 bytes of it", message(way));
        }
    }

    @Test
    void whatIsToBecomeAFileIsNamedByThat() {
        assertEquals("/out/talos.iso: No space left on device after writing 0 bytes of it", message(() -> {
            try (NewFileStream file = NewFileStream.of(Path.of("/out/talos.iso"), FULL)) {
                file.write(new byte[10]);
            }
        }));
    }

    @Test
    void whatCannotBeReadIsNamed(@TempDir Path folder) {
        String reported = folder + ": Is a directory";
        assertEquals(reported, message(() -> OpenFile.read(folder)));
        assertEquals(reported, message(() -> {
            try (InputStream in = ByteSource.of(folder).open()) {
                in.read();
            }
        }));
        assertEquals(
                folder + "/none",
                message(() -> ByteSource.of(folder.resolve("none")).open().close()));
    }

    /** The words are those of the machine's language. */
    @Test
    void noListOfWordsIsNeeded() {
        Path file = Path.of("/a/b");
        assertEquals(
                "/a/b: Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
                NamedFailure.of(file, new IOException("Auf dem Gerät ist kein Speicherplatz mehr verfügbar"))
                        .getMessage());
        assertEquals(
                "/a/b: java.io.IOException",
                NamedFailure.of(file, new IOException()).getMessage());
    }

    @Test
    void anEndThatIsAskedForAndAFailureWithANameStay() {
        for (IOException one : List.of(
                new ClosedByInterruptException(),
                new InterruptedIOException(),
                new FileSystemException("/c", null, "Input/output error"))) {
            assertSame(one, NamedFailure.of(Path.of("/a/b"), one));
        }
    }

    /** What the content's own source says is not said of the file that it goes to. */
    @Test
    void whoIsReadIsNotTakenForWhoIsWritten(@TempDir Path folder) throws IOException {
        Path source = folder.resolve("source");
        java.nio.file.Files.createDirectory(source);
        assertEquals(
                source + ": Is a directory",
                message(() -> WholeFile.write(folder.resolve("target"), out -> {
                    try (InputStream in = ByteSource.of(source).open()) {
                        return in.transferTo(out);
                    }
                })));
        WholeFile.write(folder.resolve("target"), "x".getBytes(UTF_8));
    }
}
