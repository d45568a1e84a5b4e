package dev.talosforge.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiedFileTest {
    @TempDir
    Path folder = Path.of("");

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void writesAndDigests() throws Exception {
        Path target = folder.resolve("a.iso");
        List<String> reported = new ArrayList<>();
        Sha256 digest = CopiedFile.write(
                ByteSource.of("content".getBytes(UTF_8)), target, (done, total) -> reported.add(done + " of " + total));
        assertEquals(Sha256.of("content".getBytes(UTF_8)), digest);
        assertEquals("content", Files.readString(target));
        assertEquals(List.of("7 of 7"), reported);
        assertEquals(List.of("a.iso"), names());
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    }

    @Test
    void whoReadsTheOldFileReadsItToItsEnd() throws Exception {
        Path target = Files.writeString(folder.resolve("a.iso"), "old content");
        try (InputStream old = Files.newInputStream(target)) {
            CopiedFile.write(ByteSource.of("new".getBytes(UTF_8)), target, CopiedFile.Progress.none());
            assertEquals("old content", new String(old.readAllBytes(), UTF_8));
        }
        assertEquals("new", Files.readString(target));
    }

    @Test
    void anInterruptLeavesTheOldFileAndNothingElse() throws Exception {
        Path target = Files.writeString(folder.resolve("a.iso"), "old");
        ByteSource large = ByteSource.zeros(4 << 20);
        assertThrows(
                InterruptedIOException.class,
                () -> CopiedFile.write(
                        large, target, (done, total) -> Thread.currentThread().interrupt()));
        assertFalse(Thread.interrupted());
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("a.iso"), names());
    }

    @Test
    void aSourceThatEndsEarlyLeavesNothing() throws Exception {
        ByteSource lying = new ByteSource() {
            @Override
            public long size() {
                return 10;
            }

            @Override
            public InputStream openAt(long offset) {
                return new ByteArrayInputStream(new byte[4]);
            }
        };
        Path target = folder.resolve("a.iso");
        IOException e =
                assertThrows(IOException.class, () -> CopiedFile.write(lying, target, CopiedFile.Progress.none()));
        assertEquals(target + ": 4 bytes instead of 10", e.getMessage());
        assertEquals(List.of(), names());
    }
}
