package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.testkit.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way in which the server fails that a client of ours can meet, by the fault's name, and the whole text of it.
 */
@Tag("registry")
class ProxmoxErrorTableTest {
    private static final List<PveFault> UPLOADING = List.of(
            PveFault.RIGHTS_GONE,
            PveFault.TOKEN_GONE,
            PveFault.BODY_REFUSED,
            PveFault.BODY_BROKEN,
            PveFault.PARAMETER_REFUSED,
            PveFault.TEMP_FULL,
            PveFault.MOUNT_FAILS,
            PveFault.SSH_FAILS,
            PveFault.SLOW_ACTIVATION,
            PveFault.UPLOAD_LOST,
            PveFault.DISK_FULL,
            PveFault.BIT_FLIP,
            PveFault.BACKING_FILE,
            PveFault.WRONG_FORMAT,
            PveFault.COPY_UNREACHED,
            PveFault.TASK_KILLED);
    private static final List<PveFault> READING = List.of(
            PveFault.RELAY_REFUSED,
            PveFault.RELAY_TIMEOUT,
            PveFault.RELAY_BROKEN,
            PveFault.RELAY_LOST,
            PveFault.HANDLER_DIES,
            PveFault.READ_DROPPED);

    @TempDir
    Path directory;

    private final List<String> lines = new ArrayList<>();

    private PveEndpoint start(PveSettings.Release release) throws Exception {
        PveSettings settings = PveSettings.of(release).with(Duration.ofSeconds(1), Duration.ofMillis(50));
        Path folder = Files.createDirectories(directory.resolve(release + "-" + lines.size()));
        return PveBench.start(folder, PveBench.world(PveBench.nodes(true), PveBench.resources()), settings);
    }

    private static ProxmoxClient client(PveEndpoint endpoint) {
        return new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
    }

    private void fails(String title, PveEndpoint endpoint, org.junit.jupiter.api.function.Executable what) {
        BuildException e = assertThrows(BuildException.class, what, title);
        assertFalse(e.toString().contains(PveBench.SECRET));
        lines.add("== " + title);
        for (Problem problem : e.problems()) {
            lines.add(plain(problem.kind() + " " + problem.what(), endpoint));
            if (problem.where() instanceof Where.Remote(String method, var uri, int status)) {
                lines.add(plain("where: %s %s (%d)".formatted(method, uri, status), endpoint));
            }
            lines.add(plain("why:   " + problem.why(), endpoint));
            if (problem.remedy() != null) {
                lines.add(plain("try:   " + problem.remedy(), endpoint));
            }
        }
    }

    /** Small enough for an answer from old servers, too; else more than the server copies in one piece. */
    private static int size(PveFault fault) {
        return fault == PveFault.RIGHTS_GONE || fault == PveFault.TOKEN_GONE ? 20_000 : 200_000;
    }

    /** Without what differs from run to run. */
    private static String plain(String text, PveEndpoint endpoint) {
        return text.replace(endpoint.uri().toString(), "URL/")
                .replaceAll("pveupload-[0-9a-f]{32}", "pveupload-X")
                .replaceAll("UPID:[^ ]*:", "UPID")
                .replaceAll("got '[0-9a-f]{64}' != expect '[0-9a-f]{64}'", "got 'A' != expect 'B'")
                .replaceAll("no task for it was found \\(.*\\)", "no task for it was found (REASON)")
                .replaceAll("while sending the file \\(.*\\)", "while sending the file (REASON)");
    }

    @Test
    void everyFailureHasItsText() throws Exception {
        for (PveSettings.Release release : List.of(PveSettings.Release.CURRENT, PveSettings.Release.OLD)) {
            for (PveFault fault : UPLOADING) {
                try (PveEndpoint endpoint = start(release)) {
                    // the token's end comes with the upload, after the questions before it
                    endpoint.faults().arm(fault, 1, fault == PveFault.TOKEN_GONE ? 12 : 0);
                    fails(
                            release + " " + fault,
                            endpoint,
                            () -> client(endpoint)
                                    .upload(
                                            PveBench.request("resources", "talos.iso", PveBench.content(size(fault))),
                                            (_, _) -> {}));
                }
            }
            for (PveFault fault : READING) {
                try (PveEndpoint endpoint = start(release)) {
                    endpoint.faults().arm(fault, 1000, fault == PveFault.READ_DROPPED ? 1 : 0);
                    fails(
                            release + " " + fault,
                            endpoint,
                            () -> client(endpoint)
                                    .stock("resources", dev.talosforge.proxmox.api.ContentType.ISO, List.of("pve2")));
                }
            }
        }
        try (PveEndpoint endpoint = start(PveSettings.Release.CURRENT)) {
            endpoint.faults().arm(PveFault.RIGHTS_GONE, 9);
            ByteSource large = ByteSource.zeros(48 << 20);
            fails(
                    "RIGHTS_GONE and a large body, which gets no answer",
                    endpoint,
                    () -> client(endpoint).upload(PveBench.request("resources", "talos.iso", large), (_, _) -> {}));
        }
        try (PveEndpoint endpoint = start(PveSettings.Release.CURRENT)) {
            fails(
                    "deleting without the right",
                    endpoint,
                    () -> client(endpoint).remove("pve1", "resources", "resources:iso/talos.iso"));
            fails(
                    "no right to delete, told before",
                    endpoint,
                    () -> client(endpoint).checkRemoval("resources"));
            fails(
                    "a machine that cannot be seen",
                    endpoint,
                    () -> client(endpoint).machine("101"));
        }
        Golden.check("proxmox-errors", lines);
    }
}
