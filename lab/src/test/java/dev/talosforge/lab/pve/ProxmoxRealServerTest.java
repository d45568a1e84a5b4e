package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadHistory;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadRequest.Conflict;
import dev.talosforge.proxmox.api.UploadRequest.Manner;
import dev.talosforge.proxmox.api.UploadRequest.Naming;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.upload.UploadTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real servers (PVE 9.2.11 and 8.3.0, run from their sources) do otherwise than one would think. */
@Tag("registry")
class ProxmoxRealServerTest {
    private static final ByteSource CONTENT = PveBench.content(30_000);

    @TempDir
    Path directory;

    private static PveWorld world(PveWorld.Storage storage, Map<String, String> more) {
        PveWorld world = PveBench.world(PveBench.nodes(true), storage);
        List<PveWorld.Acl> acls = new ArrayList<>(world.acls());
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            more.forEach((path, privilege) -> acls.add(new PveWorld.Acl(path, who, Set.of(privilege))));
        }
        return new PveWorld(world.nodes(), world.storages(), world.users(), world.tokens(), acls);
    }

    private static ProxmoxClient client(PveEndpoint endpoint) {
        return new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
    }

    private static UploadRequest request(ContentType type, String name, @Nullable URI from) throws Exception {
        return new UploadRequest("resources", type, name, CONTENT, Sha256.of(CONTENT), List.of(), from, Manner.usual());
    }

    /** The server looks at {@code /nodes/localhost} when that stands in the address. */
    @Test
    void rightsOnANodesOwnNameAreEnough() throws Exception {
        byte[] content = CONTENT.readAll("test", 1 << 20);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/talos.iso", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        URI from = URI.create(
                "http://127.0.0.1:%d/talos.iso".formatted(server.getAddress().getPort()));
        PveWorld world = world(PveBench.resources(), new TreeMap<>(Map.of("/nodes/pve2", "Sys.AccessNetwork")));
        try (PveEndpoint endpoint = PveBench.start(directory.resolve("fetch"), world)) {
            UploadResult result = client(endpoint).upload(request(ContentType.ISO, "talos.iso", from), (_, _) -> {});
            assertTrue(result.uploaded());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            assertArrayEquals(content, Files.readAllBytes(iso.resolve("talos.iso")));
        } finally {
            server.stop(0);
        }
        PveWorld seen = world(PveBench.resources(), new TreeMap<>(Map.of("/nodes/pve1", "Sys.Audit")));
        try (PveEndpoint endpoint = PveBench.start(directory.resolve("room"), seen)) {
            assertTrue(client(endpoint)
                    .prepare(new UploadTarget("resources", ContentType.ISO, "talos.iso", 1, List.of(), false))
                    .rehearse(request(ContentType.ISO, "talos.iso", null))
                    .roomReported());
        }
    }

    @Test
    void namesOfDiskImagesAreMadeNormalBeforeAnythingIsSent() throws Exception {
        PveWorld world = world(PveBench.resources().withContent(Set.of("iso", "import")), new TreeMap<>());
        try (PveEndpoint endpoint = PveBench.start(directory, world)) {
            UploadResult result =
                    client(endpoint).upload(request(ContentType.IMPORT, "ta+los=.raw", null), (_, _) -> {});
            assertEquals("resources:import/ta_los_.raw", result.volumeId());
            assertTrue(result.uploaded());
        }
    }

    @Test
    void diskImagesBeforeTheirReleaseAreRefusedBeforeAnythingIsSent() throws Exception {
        PveWorld world = world(PveBench.resources().withContent(Set.of("iso", "import")), new TreeMap<>());
        PveSettings settings =
                PveSettings.of(PveSettings.Release.BEFORE_IMAGES).with(PveBench.IDLE, Duration.ofMillis(50));
        try (PveEndpoint endpoint = PveBench.start(directory, world, settings)) {
            UploadRequest request = request(ContentType.IMPORT, "talos.qcow2", null);
            BuildException e =
                    assertThrows(BuildException.class, () -> client(endpoint).upload(request, (_, _) -> {}));
            Problem problem = e.problems().getFirst();
            assertEquals(Problem.Kind.NOT_SUPPORTED, problem.kind());
            assertEquals("cannot upload talos.qcow2 to Proxmox", problem.what());
            assertEquals("Proxmox VE 8.3.0 does not take such disk images; 8.4 does", problem.why());
            assertEquals("upgrade Proxmox VE to 8.4 or later", String.valueOf(problem.remedy()));
            assertEquals(0, endpoint.temporaryFiles("pve1"));
            assertTrue(client(endpoint)
                    .upload(request(ContentType.IMPORT, "talos.ova", null), (_, _) -> {})
                    .uploaded());
        }
    }

    private static UploadRequest asking(Naming naming, Conflict conflict) throws Exception {
        Manner manner = new Manner(naming, conflict, UploadHistory.nothing(), true);
        return PveBench.request("resources", "talos.iso", CONTENT, List.of(), manner);
    }

    /** {@code proxmox_verify_stored} in a fresh checkout, which has no record. */
    @Test
    void theServerIsAskedWhatNobodyRemembers() throws Exception {
        PveWorld world = world(PveBench.resources(), new TreeMap<>(Map.of("/nodes", "Sys.AccessNetwork")));
        try (PveEndpoint endpoint = PveBench.start(directory, world)) {
            Path iso = Files.createDirectories(
                    java.util.Objects.requireNonNull(endpoint.isoDirectory("pve1", "resources")));
            Files.write(iso.resolve("talos.iso"), CONTENT.readAll("test", 1 << 20));
            UploadResult same = client(endpoint).upload(asking(Naming.STABLE, Conflict.REFUSE), (_, _) -> {});
            assertFalse(same.uploaded());
            assertEquals("talos.iso", same.fileName());
            assertEquals(List.of(), same.notes());
            Files.write(iso.resolve("talos.iso"), new byte[30_000]);
            BuildException other = assertThrows(
                    BuildException.class,
                    () -> client(endpoint).upload(asking(Naming.STABLE, Conflict.REFUSE), (_, _) -> {}));
            assertEquals(
                    "resources:iso/talos.iso exists with different or unknown content",
                    other.problems().getFirst().why());
        }
    }

    /** A shared storage whose new file one node does not list yet. */
    @Test
    void whatOneNodeKnowsOfASharedStorageIsNotSentAgain() throws Exception {
        try (PveEndpoint endpoint = PveBench.start(directory, world(PveBench.resources(), new TreeMap<>()))) {
            Sha256 known = Sha256.of(CONTENT);
            Manner manner = new Manner(
                    Naming.STABLE, Conflict.REFUSE, (node, file) -> node.equals("pve1") ? known : null, false);
            UploadRequest request = PveBench.request("resources", "talos.iso", CONTENT, List.of(), manner);
            assertTrue(client(endpoint).upload(request, (_, _) -> {}).uploaded());
            endpoint.faults().arm(PveFault.LISTING_LAGS, 1, 1);
            assertFalse(client(endpoint).upload(request, (_, _) -> {}).uploaded());
        }
    }
}
