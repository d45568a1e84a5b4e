package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.SentTask;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadHistory;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadRequest.Conflict;
import dev.talosforge.proxmox.api.UploadRequest.Manner;
import dev.talosforge.proxmox.api.UploadRequest.Naming;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task of the server goes on while nobody watches it, and is not started a second time. */
@Tag("registry")
class ProxmoxOutlivedTaskTest {
    private static final ByteSource CONTENT = PveBench.content(90_000);

    @TempDir
    Path directory;

    /** Minutes that pass at once. */
    private static final class QuickClock implements ProxmoxSettings.Pause {
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public void pause(Duration duration) throws InterruptedException {
            nanos.addAndGet(duration.toNanos());
            Thread.sleep(2);
        }

        @Override
        public long nanoTime() {
            return nanos.get();
        }
    }

    private final QuickClock clock = new QuickClock();

    private PveEndpoint start() throws Exception {
        PveSettings settings = new PveSettings(
                PveBench.IDLE,
                Duration.ofMillis(50),
                520 << 10,
                Duration.ofMillis(5),
                PveSettings.Release.CURRENT,
                false);
        return PveEndpoint.start(
                PveBench.world(PveBench.nodes(true), PveBench.resources()),
                settings,
                new PveEndpoint.Place(
                        Files.createTempDirectory(directory, "pve"),
                        PveBench.certificates(),
                        0,
                        InstantSource.system(),
                        new Random(7)));
    }

    private ProxmoxClient client(PveEndpoint endpoint) {
        ProxmoxSettings usual = PveBench.settings(endpoint, PveBench.TOKEN);
        ProxmoxSettings.Timing timing = new ProxmoxSettings.Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofMinutes(30),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                3,
                clock);
        return new ProxmoxClient(new ProxmoxSettings(
                usual.endpoints(), usual.nodeEndpoints(), usual.tls(), usual.login(), timing, usual.watch()));
    }

    /** What a unit keeps of it, and how often something was sent. */
    private static class Notes implements UploadProgress, UploadHistory {
        final List<SentTask> open = new ArrayList<>();
        final List<String> stored = new ArrayList<>();
        int sendings;

        @Override
        public void sent(long bytes, long size) {
            sendings += bytes == size ? 1 : 0;
        }

        @Override
        public void started(SentTask task) {
            open.add(task);
        }

        @Override
        public void ended(SentTask task) {
            open.remove(task);
        }

        @Override
        public void stored(String node, StoredFile file) {
            stored.add(node + " " + file.fileName());
        }

        @Override
        public @Nullable Sha256 digest(String node, StoredFile file) {
            return null;
        }

        @Override
        public List<SentTask> unseen() {
            return List.copyOf(open);
        }
    }

    private static UploadRequest request(Notes notes, Naming naming) throws Exception {
        Manner manner = new Manner(naming, Conflict.REFUSE, notes, false);
        return PveBench.request("resources", "talos.iso", CONTENT, List.of(), manner);
    }

    @Test
    void theApiMayBeAwayForMinutesWhileATaskRuns() throws Exception {
        for (PveFault fault : List.of(PveFault.RELAY_REFUSED, PveFault.RELAY_TIMEOUT, PveFault.READ_DROPPED)) {
            try (PveEndpoint endpoint = start()) {
                Notes notes = new Notes() {
                    @Override
                    public void started(SentTask task) {
                        super.started(task);
                        endpoint.faults().arm(fault, 60);
                    }
                };
                long before = clock.nanoTime();
                UploadResult result = client(endpoint).upload(request(notes, Naming.STABLE), notes);
                assertTrue(result.uploaded(), fault::name);
                assertTrue(clock.nanoTime() - before > Duration.ofMinutes(4).toNanos(), fault::name);
                assertEquals(1, notes.sendings);
            }
        }
    }

    @Test
    void theNextRunAsksHowATaskEndedAndSendsNothing() throws Exception {
        for (Naming naming : Naming.values()) {
            try (PveEndpoint endpoint = start()) {
                Notes notes = new Notes() {
                    @Override
                    public void started(SentTask task) {
                        super.started(task);
                        if (sendings == 1) {
                            endpoint.faults().arm(PveFault.RELAY_REFUSED, 1_000_000);
                        }
                    }
                };
                UploadRequest request = request(notes, naming);
                BuildException away = assertThrows(
                        BuildException.class, () -> client(endpoint).upload(request, notes));
                Problem problem = away.problems().getFirst();
                assertEquals(Problem.Kind.UNAVAILABLE, problem.kind());
                assertEquals(
                        "cannot follow task %s".formatted(notes.open.getFirst().upid()), problem.what());
                assertEquals("node pve1 does not answer localhost: 595 No route to host", problem.why());
                assertEquals(
                        "the server continues on its own: run the command again; it checks how the task ended before"
                                + " sending anything",
                        String.valueOf(problem.remedy()));
                endpoint.faults().clear();
                UploadResult result = client(endpoint).upload(request, notes);
                assertFalse(result.uploaded(), naming::name);
                assertEquals(1, notes.sendings);
                assertEquals(List.of(), notes.open);
                String name = naming == Naming.STABLE ? "talos.iso" : request.contentName();
                assertEquals(List.of("pve1 " + name, "pve2 " + name, "pve3 " + name), notes.stored);
            }
        }
    }

    /** The client is killed while the server copies. */
    @Test
    void aTaskThatStillRunsIsWaitedFor() throws Exception {
        try (PveEndpoint endpoint = start()) {
            Notes notes = new Notes() {
                @Override
                public void started(SentTask task) {
                    super.started(task);
                    if (open.size() == 1) {
                        throw new IllegalStateException("killed");
                    }
                }
            };
            UploadRequest request = request(notes, Naming.STABLE);
            endpoint.faults().arm(PveFault.SLOW_COPY, 1);
            assertThrows(IllegalStateException.class, () -> client(endpoint).upload(request, notes));
            assertFalse(client(endpoint).upload(request, notes).uploaded());
            assertEquals(1, notes.sendings);
        }
    }

    @Test
    void aTaskThatFailedMeanwhileIsSentAgain() throws Exception {
        try (PveEndpoint endpoint = start()) {
            Notes notes = new Notes();
            UploadRequest request = request(notes, Naming.STABLE);
            endpoint.faults().arm(PveFault.DISK_FULL, 1);
            notes.open.add(new SentTask(
                    "UPID:pve1:0000003E:0003877C:6B0383BF:imgcopy::iso@pve!ci:",
                    "talos.iso",
                    request.sha256(),
                    "pve1"));
            assertThrows(BuildException.class, () -> client(endpoint).upload(request, notes));
            assertEquals(List.of(), notes.open, "of both nothing more is to be learnt");
            assertTrue(client(endpoint).upload(request, notes).uploaded());
        }
    }

    @Test
    void aProxyThatGivesUpAfterTheBodyIsNoFailure() throws Exception {
        try (PveEndpoint endpoint = start()) {
            Notes notes = new Notes();
            endpoint.faults().arm(PveFault.PROXY_TIMEOUT, 1);
            assertTrue(client(endpoint)
                    .upload(request(notes, Naming.STABLE), notes)
                    .uploaded());
            assertEquals(1, notes.sendings);
        }
        try (PveEndpoint endpoint = start()) {
            Notes notes = new Notes();
            endpoint.faults().arm(PveFault.PROXY_REFUSES, 1);
            BuildException e = assertThrows(
                    BuildException.class, () -> client(endpoint).upload(request(notes, Naming.STABLE), notes));
            assertEquals("413 Request Entity Too Large", e.problems().getFirst().why());
            assertEquals(
                    "connect to the node directly, or raise the limit of the proxy in between (nginx: client_max_body_size"
                            + " 0)",
                    String.valueOf(e.problems().getFirst().remedy()));
        }
    }

    /** Seen on 9.2.11: the copy of a killed task goes on, and its file may become whole. */
    @Test
    void theCopyOfAKilledTaskIsWaitedFor() throws Exception {
        try (PveEndpoint endpoint = start()) {
            Notes notes = new Notes();
            endpoint.faults().arm(PveFault.TASK_ORPHANS, 1);
            UploadResult result = client(endpoint).upload(request(notes, Naming.STABLE), notes);
            assertEquals(
                    "WARNINGS: unexpected status; the file has the right name and size",
                    result.nodes().getFirst().warning());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertEquals(
                    Sha256.of(CONTENT),
                    Sha256.of(
                            ByteSource.of(java.util.Objects.requireNonNull(iso).resolve("talos.iso"))));
            assertEquals(1, notes.sendings);
        }
    }
}
