package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadHistory;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadRequest.Conflict;
import dev.talosforge.proxmox.api.UploadRequest.Manner;
import dev.talosforge.proxmox.api.UploadRequest.Naming;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under which name a file goes, and what becomes of the one that was there. */
@Tag("registry")
class ProxmoxReplaceTest {
    private static final ByteSource OLD = PveBench.content(200_000);
    private static final ByteSource NEW = PveBench.content(300_000);
    private static final String OWN = "talos-sha256-";

    @TempDir
    Path directory;

    private static PveWorld world(Set<String> more, PveWorld.Storage storage) {
        PveWorld world = PveBench.world(PveBench.nodes(true), storage);
        List<PveWorld.Acl> acls = new ArrayList<>();
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            Set<String> onStorage = new TreeSet<>(Set.of("Datastore.AllocateTemplate", "Datastore.Audit"));
            if (more.contains("Datastore.Allocate")) {
                onStorage.add("Datastore.Allocate");
            }
            acls.add(new PveWorld.Acl("/storage/" + storage.id(), who, onStorage));
            if (more.contains("VM.Audit")) {
                acls.add(new PveWorld.Acl("/vms", who, Set.of("VM.Audit")));
                acls.add(new PveWorld.Acl("/access", who, Set.of("Sys.Audit")));
            }
            if (more.contains("Sys.AccessNetwork")) {
                acls.add(new PveWorld.Acl("/nodes", who, Set.of("Sys.AccessNetwork")));
            }
        }
        return new PveWorld(world.nodes(), world.storages(), world.users(), world.tokens(), acls);
    }

    private PveEndpoint start(PveWorld world) throws Exception {
        return PveBench.start(directory, world);
    }

    private static UploadResult upload(PveEndpoint endpoint, ByteSource content, Manner manner) throws Exception {
        return new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN))
                .upload(PveBench.request("resources", "talos.iso", content, List.of(), manner), (_, _) -> {});
    }

    private static Manner named(Naming naming) {
        return new Manner(naming, Conflict.REPLACE, UploadHistory.nothing(), false);
    }

    private static Set<String> files(PveEndpoint endpoint, String node, String storage) throws Exception {
        Path iso = endpoint.isoDirectory(node, storage);
        assertNotNull(iso);
        if (!Files.isDirectory(iso)) {
            return Set.of();
        }
        try (Stream<Path> found = Files.list(iso)) {
            return found.map(file -> file.getFileName().toString().replaceAll("sha256-[0-9a-f]{16}", "sha256-X"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static byte[] stored(PveEndpoint endpoint, String name) throws Exception {
        Path iso = endpoint.isoDirectory("pve1", "resources");
        assertNotNull(iso);
        return Files.readAllBytes(iso.resolve(name));
    }

    private static byte[] bytes(ByteSource content) throws Exception {
        return content.readAll("test", 1 << 20);
    }

    @Test
    void aFileThatNoMachineHasIsReplacedInItsPlace() throws Exception {
        try (PveEndpoint endpoint = start(world(Set.of("VM.Audit", "Datastore.Allocate"), PveBench.resources()))) {
            upload(endpoint, OLD, Manner.usual());
            UploadResult result = upload(endpoint, NEW, Manner.usual());
            assertEquals("talos.iso", result.fileName());
            assertEquals(List.of("talos.iso was replaced; no virtual machine had it attached"), texts(result));
            assertArrayEquals(bytes(NEW), stored(endpoint, "talos.iso"));
            assertEquals(Set.of("talos.iso"), files(endpoint, "pve1", "resources"));
        }
    }

    private static List<String> texts(UploadResult result) {
        return result.notes().stream().map(UploadResult.Note::toString).toList();
    }

    @Test
    void withoutTheRightToDeleteTheCopyBesideIsNamed() throws Exception {
        try (PveEndpoint endpoint = start(world(Set.of("VM.Audit"), PveBench.resources()))) {
            upload(endpoint, OLD, Manner.usual());
            UploadResult result = upload(endpoint, NEW, Manner.usual());
            assertEquals("talos.iso", result.fileName());
            assertEquals(
                    "talos-sha256-X.iso remains beside it: deleting it needs Datastore.Allocate; or run: prune (delete)",
                    result.notes().get(1).toString().replaceAll("sha256-[0-9a-f]{16}", "sha256-X"));
            assertEquals(Set.of("talos.iso", "talos-sha256-X.iso"), files(endpoint, "pve1", "resources"));
        }
    }

    @Test
    void aReplacementThatFailsLosesNothing() throws Exception {
        for (PveFault fault : List.of(
                PveFault.DISK_FULL,
                PveFault.TASK_KILLED,
                PveFault.BIT_FLIP,
                PveFault.UPLOAD_LOST,
                PveFault.TEMP_FULL)) {
            Path folder = Files.createDirectories(directory.resolve(fault.name()));
            try (PveEndpoint endpoint =
                    PveBench.start(folder, world(Set.of("VM.Audit", "Datastore.Allocate"), PveBench.resources()))) {
                upload(endpoint, OLD, Manner.usual());
                endpoint.faults().arm(fault, 1);
                assertThrows(BuildException.class, () -> upload(endpoint, NEW, Manner.usual()), fault::name);
                assertArrayEquals(bytes(OLD), stored(endpoint, "talos.iso"), fault::name);
                if (fault == PveFault.BIT_FLIP || fault == PveFault.TEMP_FULL) {
                    continue; // their occasions are writes, not uploads
                }
                endpoint.faults().arm(fault, 1, 1);
                UploadResult second = upload(endpoint, NEW, Manner.usual());
                assertTrue(second.fileName().startsWith(OWN), second::toString);
                assertTrue(
                        second.notes()
                                .getFirst()
                                .text()
                                .startsWith("talos.iso could not be replaced; the new file is " + OWN),
                        second::toString);
                assertArrayEquals(bytes(NEW), stored(endpoint, second.fileName()), fault::name);
            }
        }
    }

    @Test
    void anAttachedFileStaysAndTheNewOneGetsAnotherName() throws Exception {
        SortedMap<String, String> drive = new TreeMap<>(Map.of("ide2", "resources:iso/talos.iso,media=cdrom"));
        SortedMap<String, SortedMap<String, String>> snapshots = new TreeMap<>(Map.of("before", drive));
        List<PveWorld.Machine> machines = List.of(
                new PveWorld.Machine(101, "cp1", "pve1", drive),
                new PveWorld.Machine(102, "cp2", "pve2", new TreeMap<>(), drive, new TreeMap<>()),
                new PveWorld.Machine(103, "", "pve3", new TreeMap<>(), new TreeMap<>(), snapshots));
        PveWorld world = world(Set.of("VM.Audit"), PveBench.resources());
        try (PveEndpoint endpoint = start(world.with(machines))) {
            upload(endpoint, OLD, Manner.usual());
            UploadResult result = upload(endpoint, NEW, Manner.usual());
            assertTrue(result.fileName().startsWith(OWN), result::toString);
            assertEquals(
                    List.of("talos.iso is kept; the new file is %s: it is attached to virtual machine 101 (cp1),"
                                    .formatted(result.fileName())
                            + " virtual machine 102 (cp2), virtual machine 103"),
                    texts(result));
            assertArrayEquals(bytes(OLD), stored(endpoint, "talos.iso"));
            assertFalse(upload(endpoint, NEW, Manner.usual()).uploaded(), "its name tells what it is");
        }
    }

    @Test
    void whereMachinesCannotBeSeenNothingIsReplaced() throws Exception {
        try (PveEndpoint endpoint = start(world(Set.of(), PveBench.resources()))) {
            upload(endpoint, OLD, Manner.usual());
            UploadResult result = upload(endpoint, NEW, Manner.usual());
            assertEquals(
                    List.of("talos.iso is kept; the new file is %s: it may be attached to a machine: token"
                                    .formatted(result.fileName())
                            + " iso@pve!ci lacks VM.Audit on /vms, so it does not see all virtual machines"),
                    texts(result));
            assertArrayEquals(bytes(OLD), stored(endpoint, "talos.iso"));
        }
    }

    @Test
    void namesWithTheContentsDigestAreSentOnce() throws Exception {
        try (PveEndpoint endpoint = start(world(Set.of(), PveBench.resources()))) {
            UploadResult first = upload(endpoint, NEW, named(Naming.CONTENT));
            assertTrue(first.uploaded());
            assertTrue(first.fileName().matches("talos-sha256-[0-9a-f]{16}\\.iso"), first::fileName);
            UploadResult second = upload(endpoint, NEW, named(Naming.CONTENT));
            assertFalse(second.uploaded());
            assertEquals(first.volumeIds(), second.volumeIds());
        }
    }

    @Test
    void theServerChecksWhatIsThereWhereTheTokenMayAsk() throws Exception {
        Manner checked = new Manner(Naming.CONTENT, Conflict.REPLACE, UploadHistory.nothing(), true);
        try (PveEndpoint endpoint = start(world(Set.of("Sys.AccessNetwork"), PveBench.resources()))) {
            UploadResult first = upload(endpoint, NEW, checked);
            assertFalse(upload(endpoint, NEW, checked).uploaded());
            Path file = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(file);
            Files.write(file.resolve(first.fileName()), new byte[300_000]);
            UploadResult mended = upload(endpoint, NEW, checked);
            assertTrue(mended.uploaded());
            assertEquals(List.of("%s on node pve1 has the wrong content".formatted(first.volumeId())), texts(mended));
            assertArrayEquals(bytes(NEW), stored(endpoint, first.fileName()));
        }
        try (PveEndpoint endpoint = start(world(Set.of(), PveBench.resources()))) {
            UploadResult result = upload(endpoint, NEW, checked);
            assertEquals(
                    List.of(
                            "%s on node pve1 was recognized by its name and size only: the server could not check it, or was"
                                            .formatted(result.volumeId())
                                    + " not allowed to"),
                    texts(result));
        }
    }

    @Test
    void whatArrivedOnSomeNodesIsNotSentAgain() throws Exception {
        PveWorld.Storage local = PveWorld.Storage.forIsos("resources", "dir", false, 1L << 40);
        try (PveEndpoint endpoint = start(world(Set.of(), local))) {
            SortedMap<String, String> arrived = new TreeMap<>();
            var client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            var noting = new dev.talosforge.proxmox.api.UploadProgress() {
                @Override
                public void sent(long bytes, long size) {
                    assertTrue(bytes <= size);
                }

                @Override
                public void stored(String node, dev.talosforge.proxmox.api.StoredFile file) {
                    arrived.put(node, file.fileName());
                }
            };
            UploadRequest first = PveBench.request("resources", "talos.iso", NEW);
            endpoint.faults().arm(PveFault.DISK_FULL, 1);
            BuildException failed = assertThrows(BuildException.class, () -> client.upload(first, noting));
            assertEquals(1, failed.problems().size());
            assertEquals(2, arrived.size(), "the others went on");
            UploadHistory history = (node, name) -> arrived.containsKey(node) ? first.sha256() : null;
            UploadResult second = client.upload(
                    PveBench.request(
                            "resources",
                            "talos.iso",
                            NEW,
                            List.of(),
                            new Manner(Naming.STABLE, Conflict.REPLACE, history, false)),
                    noting);
            assertEquals(
                    1,
                    second.nodes().stream()
                            .filter(node -> node.how() == UploadResult.How.UPLOADED)
                            .count());
            assertEquals(3, second.volumeIds().size());
        }
    }

    private static UploadRequest of(ContentType type, String name, ByteSource content, @Nullable URI from)
            throws Exception {
        UploadRequest iso = PveBench.request("resources", name, content);
        return new UploadRequest(iso.storage(), type, name, content, iso.sha256(), List.of(), from, iso.manner());
    }

    @Test
    void diskImagesAreUploadedAsContentToImport() throws Exception {
        PveWorld.Storage storage = PveBench.resources().withContent(Set.of("iso", "import"));
        try (PveEndpoint endpoint = start(world(Set.of(), storage))) {
            var client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            UploadResult result = client.upload(of(ContentType.IMPORT, "talos.raw", NEW, null), (_, _) -> {});
            assertEquals("resources:import/talos.raw", result.volumeId());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            assertArrayEquals(
                    bytes(NEW),
                    Files.readAllBytes(iso.resolve("../../import/talos.raw").normalize()));
        }
        try (PveEndpoint endpoint = start(world(Set.of(), PveBench.resources()))) {
            var client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            UploadRequest request = of(ContentType.IMPORT, "talos.iso", NEW, null);
            BuildException e = assertThrows(BuildException.class, () -> client.upload(request, (_, _) -> {}));
            assertEquals(
                    List.of(
                            "Proxmox takes the name of a disk image only if it starts with a letter or digit,"
                                    + " contains only letters, digits, \".\", \"_\" and \"-\", and ends with"
                                    + " .ova, .qcow2, .raw or .vmdk",
                            "the storage's content types are \"iso\", without import"),
                    e.problems().stream().map(problem -> problem.why()).toList());
            assertEquals(
                    "pvesm set resources --content iso,import",
                    String.valueOf(e.problems().getLast().remedy()));
        }
    }

    @Test
    void aNodeFetchesTheFileItself() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] content = bytes(NEW);
        server.createContext("/talos.iso", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        URI from = URI.create(
                "http://127.0.0.1:%d/talos.iso".formatted(server.getAddress().getPort()));
        try (PveEndpoint endpoint = start(world(Set.of("Sys.AccessNetwork"), PveBench.resources()))) {
            var client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            endpoint.faults().arm(PveFault.DOWNLOAD_FAILS, 1);
            UploadRequest request = of(ContentType.ISO, "talos.iso", NEW, from);
            BuildException e = assertThrows(BuildException.class, () -> client.upload(request, (_, _) -> {}));
            assertEquals(
                    "on the node: wget -O /dev/null " + from,
                    String.valueOf(e.problems().getFirst().remedy()));
            assertTrue(client.upload(request, (_, _) -> {}).uploaded());
            assertArrayEquals(content, stored(endpoint, "talos.iso"));
            assertEquals(0, endpoint.temporaryFiles("pve1"));
        } finally {
            server.stop(0);
        }
        try (PveEndpoint endpoint = start(world(Set.of(), PveBench.resources()))) {
            var client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            UploadRequest request = of(ContentType.ISO, "talos.iso", NEW, from);
            BuildException e = assertThrows(BuildException.class, () -> client.upload(request, (_, _) -> {}));
            assertEquals(
                    "token iso@pve!ci lacks Sys.AccessNetwork on /nodes/pve1, which a node needs to download a file",
                    e.problems().getFirst().why());
            assertEquals(
                    PveBench.grant("/nodes/pve1", "TalosForgeFetch", "Sys.AccessNetwork"),
                    String.valueOf(e.problems().getFirst().remedy()));
        }
    }

    @Test
    void ticketsAreRenewedAndSecondFactorsNotSupported() throws Exception {
        try (PveEndpoint endpoint = start(world(Set.of(), PveBench.resources()))) {
            var login = new ProxmoxLogin.Password("iso@pve", "pass word+1");
            var client = new ProxmoxClient(PveBench.settings(endpoint, login));
            endpoint.faults().arm(PveFault.TICKET_EXPIRED, 1, 4);
            assertTrue(client.upload(PveBench.request("resources", "talos.iso", NEW), (_, _) -> {})
                    .uploaded());
            endpoint.faults().arm(PveFault.OLD_TLS, 50);
            assertEquals("9.2.11", new ProxmoxClient(PveBench.settings(endpoint, login)).version());
            endpoint.faults().clear();
            endpoint.faults().arm(PveFault.SECOND_FACTOR, 1);
            var problem = assertThrows(
                            BuildException.class, () -> new ProxmoxClient(PveBench.settings(endpoint, login)).version())
                    .problems()
                    .getFirst();
            assertEquals(dev.talosforge.problem.Problem.Kind.NOT_SUPPORTED, problem.kind());
            assertEquals("cannot log in to Proxmox as iso@pve", problem.what());
            assertEquals("the server asks for a second factor", problem.why());
            assertEquals("use an API token: pveum user token add 'iso@pve' forge", String.valueOf(problem.remedy()));
        }
    }
}
