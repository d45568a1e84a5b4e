package dev.talosforge.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void makesFoldersAndReplaces(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("a/b/c.txt");
        WholeFile.write(file, bytes("one"));
        WholeFile.write(file, bytes("two"));
        assertEquals("two", Files.readString(file));
        assertEquals(List.of("c.txt"), names(dir.resolve("a/b")));
    }

    @Test
    void whatFailsLeavesTheOldFileAndNothingElse(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("c.txt"), "old");
        IOException failed = assertThrows(
                IOException.class,
                () -> WholeFile.write(file, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }));
        assertEquals("disk full", failed.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("c.txt"), names(dir));
    }

    @Test
    void theOldFileIsThereUntilTheNewOneIsPublished(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("c.txt"), "old");
        try (WholeFile one = WholeFile.beside(file);
                WholeFile two = WholeFile.beside(file)) {
            assertNotEquals(one.partial(), two.partial());
            one.fill(out -> {
                out.write('1');
                return 1;
            });
            assertEquals("old", Files.readString(file));
            one.publish();
            assertEquals("1", Files.readString(file));
        }
        assertEquals(List.of("c.txt"), names(dir));
    }

    @Test
    void permissionsStay(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("c.txt"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        WholeFile.write(file, bytes("new"));
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void linksAreFollowed(@TempDir Path dir) throws Exception {
        Path real = Files.createDirectories(dir.resolve("there")).resolve("real");
        Path second = Files.createSymbolicLink(dir.resolve("second"), Path.of("there/real"));
        Path first = Files.createSymbolicLink(dir.resolve("first"), second);
        WholeFile.write(first, bytes("x"));
        assertEquals("x", Files.readString(real));
        assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
        assertEquals(dir.toRealPath().resolve("there/real"), WholeFile.followed(first));

        Path loop = Files.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));
        assertEquals(
                loop.toString(),
                assertThrows(FileSystemLoopException.class, () -> WholeFile.write(loop, bytes("x")))
                        .getMessage());
    }

    @Test
    void anInterruptedThreadStillWritesWhole(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("c.txt");
        Thread.currentThread().interrupt();
        WholeFile.write(file, bytes("x"));
        assertTrue(Thread.interrupted(), "the mark stays");
        assertEquals("x", Files.readString(file));
        assertFalse(Files.isSymbolicLink(file));
    }

    @Test
    void aRootIsNotAFile() {
        assertEquals(
                "not a file: /",
                assertThrows(IOException.class, () -> WholeFile.write(Path.of("/"), bytes("x")))
                        .getMessage());
    }
}
