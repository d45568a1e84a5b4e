package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.upload.Rehearsal;
import dev.talosforge.proxmox.upload.UploadTarget;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against the stand-in. */
@Tag("registry")
class ProxmoxUploadTest {
    @TempDir
    Path directory;

    private static UploadResult upload(PveEndpoint endpoint, UploadRequest request) throws InterruptedException {
        return client(endpoint).upload(request, (sent, size) -> {});
    }

    private static ProxmoxClient client(PveEndpoint endpoint) {
        return new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
    }

    private static Rehearsal rehearse(PveEndpoint endpoint, UploadRequest request) throws InterruptedException {
        return client(endpoint)
                .prepare(new UploadTarget("resources", ContentType.ISO, request.fileName(), 1, List.of(), false))
                .rehearse(request);
    }

    private static Problem only(BuildException e) {
        assertEquals(1, e.problems().size(), () -> e.problems().toString());
        assertFalse(e.toString().contains(PveBench.SECRET));
        return e.problems().getFirst();
    }

    private Problem fails(PveEndpoint endpoint, UploadRequest request) {
        return only(assertThrows(BuildException.class, () -> upload(endpoint, request)));
    }

    private static Path stored(PveEndpoint endpoint, String node, String storage, String name) {
        Path iso = endpoint.isoDirectory(node, storage);
        assertNotNull(iso);
        return iso.resolve(name);
    }

    private PveEndpoint shared() throws Exception {
        return PveBench.start(directory, PveBench.world(PveBench.nodes(true), PveBench.resources()));
    }

    @Test
    void uploadsOnceToSharedStorageAndSeesItOnEveryNode() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            ByteSource content = PveBench.content(300_000);
            List<Long> seen = new ArrayList<>();
            UploadResult result = client(endpoint)
                    .upload(PveBench.request("resources", "talos-1.iso", content), (sent, size) -> seen.add(sent));
            assertEquals(
                    List.of("pve1", "pve2", "pve3"),
                    List.copyOf(result.volumeIds().keySet()));
            assertEquals(
                    Set.of("resources:iso/talos-1.iso"),
                    Set.copyOf(result.volumeIds().values()));
            assertTrue(result.uploaded());
            assertEquals(300_000L, seen.getLast());
            assertEquals(
                    Sha256.of(content), Sha256.of(ByteSource.of(stored(endpoint, "pve1", "resources", "talos-1.iso"))));
            assertEquals(0, endpoint.temporaryFiles("pve1"));
        }
    }

    @Test
    void skipsWhatIsRememberedAndThere() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            UploadRequest first = PveBench.request("resources", "a.iso", PveBench.content(1000));
            upload(endpoint, first);
            UploadRequest again = PveBench.request(
                    "resources",
                    "a.iso",
                    first.content(),
                    List.of(),
                    new UploadRequest.Manner(
                            UploadRequest.Naming.STABLE,
                            UploadRequest.Conflict.REFUSE,
                            (node, name) -> first.sha256(),
                            false));
            assertFalse(upload(endpoint, again).uploaded());
            Files.write(stored(endpoint, "pve1", "resources", "a.iso"), new byte[5]);
            Problem problem = fails(endpoint, again);
            assertEquals(Kind.REFUSED, problem.kind());
            assertEquals("resources:iso/a.iso exists with different or unknown content", problem.why());
        }
    }

    @Test
    void uploadsToEachNodeWithLocalStorage() throws Exception {
        try (PveEndpoint endpoint = PveBench.start(directory, PveBench.world(PveBench.nodes(true), PveBench.local()))) {
            upload(endpoint, PveBench.request("local", "b.iso", PveBench.content(70_000)));
            for (String node : List.of("pve1", "pve2", "pve3")) {
                assertEquals(70_000, Files.size(stored(endpoint, node, "local", "b.iso")));
            }
        }
    }

    @Test
    void reachesOtherNodesThroughOneWhenTheirHostsAreUnknown() throws Exception {
        try (PveEndpoint endpoint = PveBench.start(directory, PveBench.world(PveBench.nodes(true), PveBench.local()))) {
            var settings = PveBench.settings(
                    List.of(endpoint.uri()),
                    new LinkedHashMap<>(),
                    new ProxmoxTls.Fingerprint(endpoint.fingerprint()),
                    PveBench.TOKEN);
            new ProxmoxClient(settings)
                    .upload(PveBench.request("local", "b.iso", PveBench.content(70_000)), (sent, size) -> {});
            assertEquals(70_000, Files.size(stored(endpoint, "pve3", "local", "b.iso")));
        }
    }

    @Test
    void namesOfflineNodesAndContinues() throws Exception {
        try (PveEndpoint endpoint =
                PveBench.start(directory, PveBench.world(PveBench.nodes(false), PveBench.resources()))) {
            UploadResult result = upload(endpoint, PveBench.request("resources", "c.iso", PveBench.content(10)));
            assertEquals(List.of("pve3"), List.copyOf(result.unasked().keySet()));
            assertEquals(
                    List.of("pve1", "pve2", "pve3"),
                    List.copyOf(result.volumeIds().keySet()));
        }
    }

    @Test
    void reportsEverythingThatIsMissingAtOnce() throws Exception {
        PveWorld.Storage storage =
                new PveWorld.Storage("resources", "dir", true, Set.of("vztmpl"), List.of(), false, true, 1L << 30);
        PveWorld.Storage unused = PveBench.local();
        PveWorld world = PveBench.world(PveBench.nodes(true), storage, unused);
        List<PveWorld.Acl> acls = List.of(
                new PveWorld.Acl("/storage/resources", "iso@pve", Set.of("Datastore.Audit")),
                new PveWorld.Acl("/storage/resources", "iso@pve!ci", Set.of("Datastore.Audit")));
        world = new PveWorld(world.nodes(), world.storages(), world.users(), world.tokens(), acls);
        try (PveEndpoint endpoint = PveBench.start(directory, world)) {
            UploadRequest request = PveBench.request("resources", "c.iso", PveBench.content(10));
            List<Problem> problems = assertThrows(BuildException.class, () -> upload(endpoint, request))
                    .problems();
            assertEquals(
                    List.of(
                            "token iso@pve!ci lacks Datastore.AllocateTemplate on /storage/resources",
                            "the storage's content types are \"vztmpl\", without iso"),
                    problems.stream().map(Problem::why).limit(2).toList());
            assertTrue(
                    String.valueOf(problems.getFirst().remedy())
                            .endsWith(
                                    "; r=TalosForge; p=\"Datastore.AllocateTemplate Datastore.Audit\"; pveum role add $r --privs"
                                            + " \"$p\" 2>/dev/null || pveum role modify $r --append 1 --privs \"$p\"; pveum acl"
                                            + " modify /storage/resources --tokens 'iso@pve!ci' --roles $r"),
                    problems::toString);
            assertEquals(
                    "pvesm set resources --content vztmpl,iso",
                    String.valueOf(problems.get(1).remedy()));
            assertTrue(problems.get(2).why().startsWith("the storage is disabled"));
            assertEquals(0, endpoint.temporaryFiles("pve1"));
        }
    }

    @Test
    void refusesWrongCredentialsWithTheServersWords() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            ProxmoxLogin wrong = ProxmoxLogin.Token.parse("iso@pve!ci=11111111-2222-4222-8222-222222222222");
            var client = new ProxmoxClient(PveBench.settings(endpoint, wrong));
            Problem problem = only(assertThrows(BuildException.class, client::version));
            assertEquals(Kind.REFUSED, problem.kind());
            assertEquals("401 Authentication failed!", problem.why());
        }
    }

    @Test
    void logsInWithAPassword() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            var login = new ProxmoxLogin.Password("iso@pve", "pass word+1");
            var client = new ProxmoxClient(PveBench.settings(endpoint, login));
            assertTrue(client.upload(PveBench.request("resources", "t.iso", PveBench.content(99)), (sent, size) -> {})
                    .uploaded());
            var wrong = new ProxmoxClient(PveBench.settings(endpoint, new ProxmoxLogin.Password("iso@pve", "no")));
            assertEquals(
                    "401 authentication failure",
                    only(assertThrows(BuildException.class, wrong::version)).why());
        }
    }

    @Test
    void triesEndpointsInTurnAndDistrustsStrangers() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            var settings = PveBench.settings(
                    List.of(URI.create("https://localhost:1/"), endpoint.uri()),
                    endpoint.uris(),
                    new ProxmoxTls.Insecure(),
                    PveBench.TOKEN);
            assertEquals("9.2.11", new ProxmoxClient(settings).version());
            for (ProxmoxTls tls : List.of(new ProxmoxTls.SystemTrust(), new ProxmoxTls.Fingerprint("00".repeat(32)))) {
                var strange = PveBench.settings(List.of(endpoint.uri()), endpoint.uris(), tls, PveBench.TOKEN);
                Problem problem = only(assertThrows(BuildException.class, () -> new ProxmoxClient(strange).version()));
                assertEquals(Kind.ENVIRONMENT, problem.kind(), problem::toString);
            }
        }
    }

    @Test
    void showsTheLogOfAFailedTask() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            UploadRequest request = PveBench.request("resources", "d.iso", PveBench.content(200_000));
            endpoint.faults().arm(PveFault.DISK_FULL, 1);
            Problem full = fails(endpoint, request);
            assertEquals(Kind.REFUSED, full.kind());
            assertTrue(full.why().contains("No space left on device; its log: starting file import"), full::why);
            assertFalse(Files.exists(stored(endpoint, "pve1", "resources", "d.iso")));
            endpoint.faults().arm(PveFault.BIT_FLIP, 1);
            assertTrue(fails(endpoint, request).why().contains("checksum mismatch: got '"));
            endpoint.faults().arm(PveFault.TASK_KILLED, 1);
            assertTrue(fails(endpoint, request).why().contains("unexpected status"));
            endpoint.faults().arm(PveFault.TASK_WARNINGS, 1);
            assertEquals(
                    "WARNINGS: 1", upload(endpoint, request).nodes().getFirst().warning());
        }
    }

    /** The same world, with further rights for the token. */
    private static PveWorld with(PveWorld world, String path, String... privileges) {
        List<PveWorld.Acl> acls = new ArrayList<>(world.acls());
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            acls.add(new PveWorld.Acl(path, who, Set.of(privileges)));
        }
        return new PveWorld(world.nodes(), world.storages(), world.users(), world.tokens(), acls);
    }

    @Test
    void settlesATaskWhoseLogIsLostByTheFileItself() throws Exception {
        String lost =
                "WARNINGS: unable to get last line from task log - unable to open file - No such file or directory; ";
        try (PveEndpoint endpoint = shared()) {
            endpoint.faults().arm(PveFault.TASK_LOG_LOST, 1);
            UploadResult result = upload(endpoint, PveBench.request("resources", "l.iso", PveBench.content(70_000)));
            assertEquals(
                    lost + "the file has the right name and size",
                    result.nodes().getFirst().warning());
            assertEquals(70_000, Files.size(stored(endpoint, "pve1", "resources", "l.iso")));
        }
        PveWorld world =
                with(PveBench.world(PveBench.nodes(true), PveBench.resources()), "/nodes", "Sys.AccessNetwork");
        try (PveEndpoint endpoint = PveBench.start(directory.resolve("asked"), world)) {
            endpoint.faults().arm(PveFault.TASK_LOG_LOST, 1);
            UploadResult result = upload(endpoint, PveBench.request("resources", "l.iso", PveBench.content(70_000)));
            assertEquals(
                    lost + "the server confirmed the file's checksum",
                    result.nodes().getFirst().warning());
        }
    }

    @Test
    void sizeAloneDoesNotSettleWhatLooksLikeTheOldFile() throws Exception {
        PveWorld world = with(PveBench.world(PveBench.nodes(true), PveBench.resources()), "/vms", "VM.Audit");
        world = with(world, "/access", "Sys.Audit");
        try (PveEndpoint endpoint = PveBench.start(directory, world)) {
            Path old = stored(endpoint, "pve1", "resources", "o.iso");
            Files.createDirectories(Objects.requireNonNull(old.getParent()));
            Files.write(old, new byte[70_000]);
            // the first goes beside it, the second in its place
            endpoint.faults().arm(PveFault.TASK_LOG_LOST, 1, 1);
            UploadResult result = upload(endpoint, PveBench.request("resources", "o.iso", PveBench.content(70_000)));
            assertTrue(result.fileName().startsWith("o-sha256-"), result::toString);
            String note = result.notes().getFirst().text();
            assertTrue(note.startsWith("o.iso could not be replaced; the new file is o-sha256-"), note);
            assertTrue(
                    note.contains(": unable to get last line from task log") || note.contains(" unable to get last"),
                    note);
        }
    }

    @Test
    void asksForTheRoomOnTheWayWhereItMaySeeIt() throws Exception {
        List<PveWorld.Node> nodes = List.of(
                new PveWorld.Node("pve1", true, 50_000),
                new PveWorld.Node("pve2", true),
                new PveWorld.Node("pve3", true));
        UploadRequest request = PveBench.request("resources", "r.iso", PveBench.content(70_000));
        PveWorld blind = PveBench.world(nodes, PveBench.resources());
        try (PveEndpoint endpoint = PveBench.start(directory.resolve("blind"), blind)) {
            assertTrue(upload(endpoint, request).uploaded());
            assertFalse(rehearse(endpoint, PveBench.request("resources", "r2.iso", PveBench.content(70_000)))
                    .roomReported());
        }
        try (PveEndpoint endpoint = PveBench.start(directory.resolve("seen"), with(blind, "/nodes", "Sys.Audit"))) {
            Problem problem = fails(endpoint, request);
            assertEquals(Kind.REFUSED, problem.kind());
            assertEquals(
                    "node pve1 has 50000 bytes free on its root file system, where an upload is kept in"
                            + " /var/tmp until it is stored; the file has 70000",
                    problem.why());
            assertEquals(
                    "on that node: df /var/tmp; to remove aborted uploads: rm /var/tmp/pveupload-*",
                    String.valueOf(problem.remedy()));
            assertEquals(0, endpoint.temporaryFiles("pve1"));
            assertTrue(rehearse(endpoint, PveBench.request("resources", "r.iso", PveBench.content(40_000)))
                    .roomReported());
        }
        PveWorld local = with(PveBench.world(nodes, PveBench.local()), "/nodes", "Sys.Audit");
        try (PveEndpoint endpoint = PveBench.start(directory.resolve("local"), local)) {
            Problem problem = fails(endpoint, PveBench.request("local", "r.iso", PveBench.content(70_000)));
            assertTrue(problem.why().startsWith("node pve1 has 50000 bytes free"), problem::why);
        }
    }

    @Test
    void resolvesALostAnswerByLooking() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            endpoint.faults().arm(PveFault.ANSWER_LOST, 1);
            assertTrue(upload(endpoint, PveBench.request("resources", "e.iso", PveBench.content(90_000)))
                    .uploaded());
            UploadRequest lost = PveBench.request("resources", "f.iso", PveBench.content(90_001));
            endpoint.faults().arm(PveFault.UPLOAD_LOST, 1);
            Problem problem = fails(endpoint, lost);
            assertEquals(Kind.UNAVAILABLE, problem.kind());
            assertTrue(problem.why().startsWith("the connection ended after the last byte"), problem::why);
            endpoint.faults().arm(PveFault.SLOW_ACTIVATION, 1);
            assertTrue(fails(endpoint, lost).why().contains("failed to stat '/var/tmp/pveupload-"));
        }
    }

    @Test
    void sendsAgainAfterACutInTheMiddle() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            // half of it is more than sockets' buffers take, up to 37 MiB: the client is still sending when it is cut
            // off
            ByteSource content = ByteSource.zeros(96 << 20);
            endpoint.faults().arm(PveFault.CUT_IN_BODY, 1);
            assertTrue(upload(endpoint, PveBench.request("resources", "g.iso", content))
                    .uploaded());
            endpoint.faults().arm(PveFault.CUT_IN_BODY, 2);
            UploadRequest request = PveBench.request("resources", "h.iso", content);
            Problem cut = fails(endpoint, request);
            assertTrue(cut.why().startsWith("the connection ended while sending the file"), cut::why);
            assertEquals(0, endpoint.temporaryFiles("pve1"));
        }
    }

    @Test
    void reportsAFullTemporaryDirectory() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            endpoint.faults().arm(PveFault.TEMP_FULL, 1);
            Problem problem = fails(endpoint, PveBench.request("resources", "i.iso", PveBench.content(100_000)));
            assertEquals("500 write to temporary file failed -", problem.why());
            assertEquals(Kind.REFUSED, problem.kind());
            assertEquals(1, endpoint.temporaryFiles("pve1"));
        }
    }

    @Test
    void waitsThroughPassingTroubles() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            endpoint.faults().arm(PveFault.RELAY_TIMEOUT, 2);
            endpoint.faults().arm(PveFault.LISTING_LAGS, 4);
            endpoint.faults().arm(PveFault.SLOW_COPY, 1);
            assertTrue(upload(endpoint, PveBench.request("resources", "j.iso", PveBench.content(100_000)))
                    .uploaded());
            endpoint.faults().arm(PveFault.RELAY_TIMEOUT, 9);
            UploadRequest late = PveBench.request("resources", "k.iso", PveBench.content(10));
            List<Problem> problems = assertThrows(BuildException.class, () -> upload(endpoint, late))
                    .problems();
            assertEquals(3, problems.size());
            assertEquals(Kind.UNAVAILABLE, problems.getFirst().kind());
            assertEquals(
                    "node pve1 does not answer localhost: 596 Connection timed out",
                    problems.getFirst().why());
        }
    }

    @Test
    void refusesNamesThatTheServerWouldChange() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            for (String name : List.of("a b.iso", "x.iso.gz", ".iso", "ä.iso", "x\r\n.iso", "x\".iso", "../x.iso")) {
                Problem problem = fails(endpoint, PveBench.request("resources", name, PveBench.content(10)));
                assertEquals(Kind.INVALID_INPUT, problem.kind());
            }
            assertEquals(0, endpoint.temporaryFiles("pve1"));
        }
    }

    @Test
    void sendsLargeFilesInConstantMemory() throws Exception {
        try (PveEndpoint endpoint = shared()) {
            long size = 64L << 20;
            AtomicLong peak = new AtomicLong();
            Runtime runtime = Runtime.getRuntime();
            System.gc();
            long before = runtime.totalMemory() - runtime.freeMemory();
            client(endpoint).upload(PveBench.request("resources", "big.iso", ByteSource.zeros(size)), (sent, all) -> {
                if (sent % (16 << 20) == 0) {
                    System.gc();
                    long used = runtime.totalMemory() - runtime.freeMemory() - before;
                    peak.accumulateAndGet(used, Math::max);
                }
            });
            assertTrue(peak.get() < 16 << 20, () -> peak.get() + " bytes more are in use while sending");
        }
    }
}
