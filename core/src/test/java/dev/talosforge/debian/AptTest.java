package dev.talosforge.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the archive that this machine's own apt uses. */
@Tag("apt")
class AptTest {
    @TempDir
    private Path folder;

    @Test
    void fetchesOnceAndKnowsAfterwards() throws IOException {
        RequiredTool.named("apt-get", "apt");
        List<PackageRequest> requests =
                List.of(PackageRequest.closure("crun", "crun"), PackageRequest.newer("boot", "systemd-boot-efi"));
        DebPackages first = new Apt(folder, Path.of("/etc")).fetch(requests);
        List<String> names = first.of("crun").stream().map(DebFile::name).toList();
        assertTrue(names.contains("crun") && names.contains("libc6"), () -> "closure: " + names);
        assertFalse(names.contains("usr-is-merged") || names.contains("perl-base"), () -> "closure: " + names);
        assertEquals("systemd-boot-efi", first.of("boot").getFirst().name());

        // The second run must not even look: there is no configuration to look with.
        Files.delete(folder.resolve("apt.conf"));
        Apt offline = new Apt(folder, folder.resolve("no-etc"));
        assertEquals(first, offline.fetch(requests));
    }

    /** {@code apt-get download} names no file that lies where it would put it. */
    @Test
    void aPackageThatIsThereAlreadyIsPartOfAnotherRequest() throws IOException {
        RequiredTool.named("apt-get", "apt");
        Apt apt = new Apt(folder, Path.of("/etc"));
        List<DebFile> first =
                apt.fetch(List.of(PackageRequest.only("first", "zlib1g"))).of("first");
        List<DebFile> second = apt.fetch(List.of(PackageRequest.only("second", "busybox-static", "zlib1g")))
                .of("second");
        assertEquals(
                List.of("busybox-static", "zlib1g"),
                second.stream().map(DebFile::name).sorted().toList());
        assertTrue(second.containsAll(first), second::toString);
    }

    /** The machine's own apt knows nothing of that architecture, and need not. */
    @Test
    void packagesOfAnotherArchitectureAreLockedBesideTheFirst() throws IOException {
        RequiredTool.named("apt-get", "apt");
        Path lock = folder.resolve("debian.lock.json");
        PackageRequest box = PackageRequest.closure("box", "busybox-static");
        Apt amd64 = new Apt(folder.resolve("apt"), Path.of("/etc"));
        List<DebFile> first = amd64.locked(box, lock);
        List<DebFile> other = amd64.of("arm64").locked(box, lock);
        assertEquals(
                List.of("busybox-static"), first.stream().map(DebFile::name).toList());
        assertTrue(first.getFirst().file().toString().endsWith("_amd64.deb"), first::toString);
        assertTrue(other.getFirst().file().toString().endsWith("_arm64.deb"), other::toString);
        String locked = Files.readString(lock);
        assertEquals(other, amd64.of("arm64").locked(box, lock));
        assertEquals(first, amd64.locked(box, lock));
        assertEquals(locked, Files.readString(lock));

        // The order decides where two packages have the same file.
        PackageRequest several = PackageRequest.closure("several", "crun");
        assertEquals(amd64.locked(several, lock), amd64.locked(several, lock));
    }

    @Test
    void aVersionThatTheArchiveNoLongerHasIsReportedWithARemedy() throws IOException {
        RequiredTool.named("apt-get", "apt");
        Path lock = folder.resolve("debian.lock.json");
        PackageRequest box = PackageRequest.closure("box", "busybox-static");
        Apt apt = new Apt(folder.resolve("apt"), Path.of("/etc"));
        DebFile file = apt.locked(box, lock).getFirst();
        String old = Files.readString(lock)
                .replace("\"%s\"".formatted(file.version()), "\"1:0.1-1\"")
                .replace(file.sha256().hex(), "0".repeat(64));
        Files.writeString(lock, old);
        BuildException e = assertThrows(BuildException.class, () -> apt.locked(box, lock));
        Problem problem = e.problems().getFirst();
        assertEquals("cannot download Debian packages", problem.what());
        assertTrue(problem.why().endsWith("E: Version '1:0.1-1' for 'busybox-static' was not found"), problem::why);
        assertEquals(
                "if the archive no longer has these versions: point apt's sources at Debian's snapshot archive of the day of "
                        + lock + ", or remove that lock to resolve the packages again",
                String.valueOf(problem.remedy()));
        assertEquals(old, Files.readString(lock));
    }
}
