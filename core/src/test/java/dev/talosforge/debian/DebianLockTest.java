package dev.talosforge.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What requests came to, in one file. */
class DebianLockTest {
    private static final Sha256 DIGEST = Sha256.of(new byte[0]);
    private static final PackageRequest FRR = PackageRequest.closure("a", "frr");
    private static final PackageRequest GCC = PackageRequest.tools("b", List.of("gcc", "libc6-dev"));

    @TempDir
    private Path folder;

    private DebFile file(String name, String version, String architecture) {
        return new DebFile(
                name, version, folder.resolve("%s_%s_%s.deb".formatted(name, version, architecture)), 1, DIGEST);
    }

    private Path lock() {
        return folder.resolve("locks/debian.lock.json");
    }

    /** Versions by package, as far as architectures have different ones. */
    private SortedMap<String, String> versions(PackageRequest request) throws IOException {
        SortedMap<String, String> versions = new TreeMap<>();
        DebianLock.packages(lock(), request)
                .forEach((name, locked) -> versions.put(
                        name,
                        locked.stream()
                                .map(DebianLock.Locked::version)
                                .distinct()
                                .collect(Collectors.joining(", "))));
        return versions;
    }

    @Test
    void everyPackageHasItsVersions() throws Exception {
        assertEquals(Map.of(), versions(FRR));
        DebianLock.write(
                lock(),
                "amd64",
                FRR,
                List.of(
                        file("libc6", "2.36-9", "amd64"),
                        file("frr", "8.4.4-1", "amd64"),
                        file("libc6", "2.41-1", "amd64")));
        assertEquals("{frr=8.4.4-1, libc6=2.36-9, 2.41-1}", versions(FRR).toString());
        assertEquals(Map.of(), versions(GCC));
    }

    @Test
    void everyRequestHasItsListForEachArchitecture() throws Exception {
        DebFile arm = file("frr", "8.4.4-1+b1", "arm64");
        DebFile amd = file("frr", "8.4.4-1", "amd64");
        DebFile gcc = file("gcc", "4:12.2.0-3", "amd64");
        DebianLock.write(lock(), "arm64", FRR, List.of(arm));
        assertFalse(DebianLock.has(lock(), "amd64", FRR));
        DebianLock.write(lock(), "amd64", FRR, List.of(amd));
        DebianLock.write(lock(), "amd64", GCC, List.of(gcc));
        String item = """
                        {
                          "name": "%s",
                          "version": "%s",
                          "file": "%s",
                          "size": 1,
                          "sha256": "%s"
                        }
                """;
        assertEquals(
                """
                {
                  "format": 2,
                  "requests": [
                    {
                      "for": "container",
                      "packages": [
                        "frr"
                      ],
                      "amd64": [
                %s      ],
                      "arm64": [
                %s      ]
                    },
                    {
                      "for": "build",
                      "packages": [
                        "gcc",
                        "libc6-dev"
                      ],
                      "amd64": [
                %s      ]
                    }
                  ]
                }
                """.formatted(
                                item.formatted("frr", "8.4.4-1", "frr_8.4.4-1_amd64.deb", DIGEST.hex()),
                                item.formatted("frr", "8.4.4-1+b1", "frr_8.4.4-1+b1_arm64.deb", DIGEST.hex()),
                                item.formatted("gcc", "4:12.2.0-3", "gcc_4:12.2.0-3_amd64.deb", DIGEST.hex())),
                Files.readString(lock()));
        assertEquals(List.of(arm), DebianLock.read(lock(), "arm64", FRR, folder));
        assertEquals(List.of(amd), DebianLock.read(lock(), "amd64", FRR, folder));
        assertEquals(List.of(gcc), DebianLock.read(lock(), "amd64", GCC, folder));
        assertFalse(DebianLock.has(lock(), "arm64", GCC));
        assertEquals("{frr=8.4.4-1, 8.4.4-1+b1}", versions(FRR).toString());
    }

    /** A request that is new is added; one that took the place of another one is asked about. */
    @Test
    void otherPackagesDoNotPassForThoseOfTheLock() throws Exception {
        DebianLock.check(lock(), List.of(FRR));
        DebianLock.write(lock(), "amd64", FRR, List.of(file("frr", "8.4.4-1", "amd64")));
        DebianLock.check(lock(), List.of(FRR));
        DebianLock.check(lock(), List.of(FRR, GCC));
        DebianLock.check(lock(), List.of());
        refused(
                "it was made for frr for the container, but the unit asks for frr, tini for the container; gcc, libc6-dev for the build",
                "remove the lock, or that part of it, to resolve the packages again",
                () -> DebianLock.check(lock(), List.of(PackageRequest.closure("a", "frr", "tini"), GCC)));
    }

    private void refused(String why, String remedy, Executable work) {
        Problem problem = assertThrows(BuildException.class, work).problems().getFirst();
        assertEquals(
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use the lock " + lock())
                        .because(why)
                        .trying(remedy),
                problem);
    }

    @Test
    void theFirstFormIsReadAndRewrittenWhenSomethingIsAdded() throws Exception {
        Files.createDirectories(folder.resolve("locks"));
        Files.writeString(lock(), """
                {"packages": ["frr"],
                 "files": [{"name": "frr", "version": "8.4.4-1", "file": "frr_8.4.4-1_amd64.deb", "size": 1, "sha256": "%1$s"}],
                 "arm64": [{"name": "frr", "version": "8.4.4-2", "file": "frr_8.4.4-2_arm64.deb", "size": 1, "sha256": "%1$s"}]}
                """.formatted(DIGEST.hex()));
        DebFile amd = file("frr", "8.4.4-1", "amd64");
        DebFile arm = file("frr", "8.4.4-2", "arm64");
        assertTrue(DebianLock.has(lock(), "amd64", FRR));
        assertEquals(List.of(amd), DebianLock.read(lock(), "amd64", FRR, folder));
        DebianLock.write(lock(), "amd64", GCC, List.of(file("gcc", "12", "amd64")));
        assertTrue(Files.readString(lock()).startsWith("{\n  \"format\": 2,\n"));
        assertEquals(List.of(amd), DebianLock.read(lock(), "amd64", FRR, folder));
        assertEquals(List.of(arm), DebianLock.read(lock(), "arm64", FRR, folder));
    }

    @Test
    void invalidLocksAreReported() throws Exception {
        Files.createDirectories(folder.resolve("locks"));
        Files.writeString(lock(), "{\"packages\": [\"frr\"], \"files\": [1, {\"name\": \"a\"}]}");
        assertEquals(Map.of(), versions(FRR));
        Files.writeString(lock(), "[");
        assertThrows(FormatException.class, () -> versions(FRR));
        String restore = "restore it, or remove it to resolve the packages again";
        Files.writeString(lock(), "{}");
        refused("its format number is missing", restore, () -> versions(FRR));
        Files.writeString(lock(), "{\"format\": 3}");
        refused("its format is 3, expected 2: a newer Talos Forge wrote it", restore, () -> versions(FRR));
        Files.writeString(lock(), "{\"format\": 2, \"requests\": [1]}");
        refused("it has a request that is not an object", restore, () -> versions(FRR));
        String again = "remove the lock, or that part of it, to resolve the packages again";
        Files.writeString(
                lock(),
                "{\"format\": 2, \"requests\": [{\"for\": \"container\", \"packages\": [\"frr\"], \"amd64\": []}]}");
        refused(
                "it has no package of frr for the container for amd64",
                again,
                () -> DebianLock.read(lock(), "amd64", FRR, folder));
        Files.writeString(
                lock(),
                "{\"format\": 2, \"requests\": [{\"for\": \"container\", \"packages\": [\"frr\"], \"amd64\": [1]}]}");
        refused("it lists something that is not a package", again, () -> DebianLock.read(lock(), "amd64", FRR, folder));
    }
}
