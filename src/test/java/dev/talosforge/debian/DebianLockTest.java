package dev.talosforge.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
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
                "amd64",
                List.of("frr"),
                List.of(
                        new DebFile("libc6", "2.36-9", folder.resolve("libc6_2.36-9_amd64.deb"), 1, digest),
                        new DebFile("frr", "8.4.4-1", folder.resolve("frr_8.4.4-1_amd64.deb"), 1, digest),
                        new DebFile("libc6", "2.41-1", folder.resolve("libc6_2.41-1_amd64.deb"), 1, digest)));
        assertEquals(
                "{frr=8.4.4-1, libc6=2.36-9, 2.41-1}", DebianLock.versions(lock).toString());
    }

    @Test
    void everyArchitectureHasItsList() throws Exception {
        Path lock = folder.resolve("locks/debian.lock.json");
        Sha256 digest = Sha256.of(new byte[0]);
        DebFile arm = new DebFile("frr", "8.4.4-1+b1", folder.resolve("frr_8.4.4-1+b1_arm64.deb"), 2, digest);
        DebFile amd = new DebFile("frr", "8.4.4-1", folder.resolve("frr_8.4.4-1_amd64.deb"), 1, digest);
        DebianLock.write(lock, "arm64", List.of("frr"), List.of(arm));
        assertFalse(DebianLock.has(lock, "amd64"));
        DebianLock.write(lock, "amd64", List.of("frr"), List.of(amd));
        assertEquals("""
                {
                  "packages": [
                    "frr"
                  ],
                  "files": [
                    {
                      "name": "frr",
                      "version": "8.4.4-1",
                      "file": "frr_8.4.4-1_amd64.deb",
                      "size": 1,
                      "sha256": "%1$s"
                    }
                  ],
                  "arm64": [
                    {
                      "name": "frr",
                      "version": "8.4.4-1+b1",
                      "file": "frr_8.4.4-1+b1_arm64.deb",
                      "size": 2,
                      "sha256": "%1$s"
                    }
                  ]
                }
                """.formatted(digest.hex()), Files.readString(lock));
        assertEquals(List.of(arm), DebianLock.read(lock, "arm64", List.of("frr"), folder));
        assertEquals(List.of(amd), DebianLock.read(lock, "amd64", List.of("frr"), folder));
        assertEquals("{frr=8.4.4-1, 8.4.4-1+b1}", DebianLock.versions(lock).toString());
        BuildException e = assertThrows(BuildException.class, () -> DebianLock.check(lock, List.of("bird2")));
        Problem problem = e.problems().getFirst();
        assertEquals("cannot use the lock " + lock, problem.what());
        assertEquals("it was made for frr, asked for are bird2", problem.why());
        assertEquals("remove the lock to have the packages resolved anew", problem.remedy());
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
