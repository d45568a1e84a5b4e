package dev.talosforge.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of a lock, for looking at. */
class DebianLockTest {
    @TempDir
    private Path folder;

    @Test
    void everyPackageHasItsVersions() throws Exception {
        Path lock = folder.resolve("debian.lock.json");
        assertEquals(Map.of(), DebianLock.versions(lock));
        Sha256 digest = Sha256.of(new byte[0]);
        DebianLock.write(
                lock,
                List.of("frr"),
                List.of(
                        new DebFile("libc6", "2.36-9", folder.resolve("libc6_2.36-9_amd64.deb"), 1, digest),
                        new DebFile("frr", "8.4.4-1", folder.resolve("frr_8.4.4-1_amd64.deb"), 1, digest),
                        new DebFile("libc6", "2.41-1", folder.resolve("libc6_2.41-1_amd64.deb"), 1, digest)));
        assertEquals(
                "{frr=8.4.4-1, libc6=2.36-9, 2.41-1}", DebianLock.versions(lock).toString());
    }

    @Test
    void whatIsNoLockIsToldOrHasNone() throws Exception {
        Path lock = folder.resolve("debian.lock.json");
        Files.writeString(lock, "{\"files\": [1, {\"name\": \"a\"}]}");
        assertEquals(Map.of(), DebianLock.versions(lock));
        Files.writeString(lock, "[");
        assertThrows(FormatException.class, () -> DebianLock.versions(lock));
    }
}
