package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadRequest.Conflict;
import dev.talosforge.proxmox.api.UploadRequest.Manner;
import dev.talosforge.proxmox.api.UploadRequest.Naming;
import dev.talosforge.proxmox.upload.Rehearsal;
import dev.talosforge.proxmox.upload.UploadTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Room counts for what is sent, and for nothing else. */
@Tag("registry")
class ProxmoxRoomTest {
    private static final int SIZE = 70_000;
    private static final ByteSource CONTENT = PveBench.content(SIZE);

    @TempDir
    Path directory;

    private static PveWorld world(long storage, long root) {
        PveWorld.Storage tiny = PveWorld.Storage.forIsos("resources", "cephfs", true, storage);
        PveWorld world = PveBench.world(List.of(new PveWorld.Node("pve1", true, root)), tiny);
        List<PveWorld.Acl> acls = new ArrayList<>(world.acls());
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            acls.add(new PveWorld.Acl("/nodes", who, Set.of("Sys.Audit")));
            acls.add(new PveWorld.Acl("/access", who, Set.of("Sys.Audit")));
            acls.add(new PveWorld.Acl("/vms", who, Set.of("VM.Audit")));
        }
        return new PveWorld(world.nodes(), world.storages(), world.users(), world.tokens(), acls);
    }

    private static ProxmoxClient client(PveEndpoint endpoint) {
        return new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
    }

    private static UploadRequest request(ByteSource content, Naming naming) throws Exception {
        Manner manner = new Manner(naming, Conflict.REPLACE, (node, file) -> sha(content), false);
        return PveBench.request("resources", "talos.iso", content, List.of(), manner);
    }

    private static dev.talosforge.bytes.Sha256 sha(ByteSource content) {
        try {
            return dev.talosforge.bytes.Sha256.of(content);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Rehearsal rehearse(PveEndpoint endpoint, UploadRequest request) throws Exception {
        return client(endpoint)
                .prepare(new UploadTarget("resources", ContentType.ISO, "talos.iso", SIZE, List.of(), false))
                .rehearse(request);
    }

    @Test
    void anApplyThatHasNothingToSendAsksForNoRoom() throws Exception {
        for (Naming naming : Naming.values()) {
            try (PveEndpoint endpoint =
                    PveBench.start(directory.resolve(naming.name()), world(SIZE + 30_000, SIZE + 1))) {
                UploadRequest request = request(CONTENT, naming);
                assertTrue(client(endpoint).upload(request, (_, _) -> {}).uploaded());
                assertFalse(client(endpoint).upload(request, (_, _) -> {}).uploaded(), naming::name);
                Rehearsal again = rehearse(endpoint, request);
                assertFalse(again.transfers());
                assertEquals(List.of(), again.problems());
                Rehearsal other = rehearse(endpoint, request(PveBench.content(SIZE + 5), Naming.CONTENT));
                assertTrue(other.transfers());
                assertEquals(
                        List.of(
                                "the storage has 30000 bytes free; the file has 70005",
                                "node pve1 has 70001 bytes free on its root file system, where an upload is kept in"
                                        + " /var/tmp until it is stored; the file has 70005"),
                        other.problems().stream().map(problem -> problem.why()).toList());
            }
        }
    }

    @Test
    void theWayOfAnUploadIsNoPartOfADownload() throws Exception {
        try (PveEndpoint endpoint = PveBench.start(directory, world(1 << 20, 10))) {
            BuildException e = assertThrows(
                    BuildException.class,
                    () -> client(endpoint).upload(request(CONTENT, Naming.CONTENT), (_, _) -> {}));
            assertEquals(
                    "node pve1 has 10 bytes free on its root file system, where an upload is kept in /var/tmp until it is"
                            + " stored; the file has 70000",
                    e.problems().getFirst().why());
            assertEquals(0, endpoint.temporaryFiles("pve1"));
        }
    }

    /** What is made complete beside it needs room beside it, and no more than that. */
    @Test
    void aReplacementNeedsRoomForOneMoreFile() throws Exception {
        ByteSource larger = PveBench.content(SIZE + 500);
        try (PveEndpoint endpoint = PveBench.start(directory, world(2 * SIZE + 400, 1 << 20))) {
            client(endpoint).upload(request(CONTENT, Naming.STABLE), (_, _) -> {});
            Manner unknown = new Manner(Naming.STABLE, Conflict.REPLACE, (node, file) -> null, false);
            BuildException e = assertThrows(
                    BuildException.class,
                    () -> client(endpoint)
                            .upload(
                                    PveBench.request("resources", "talos.iso", larger, List.of(), unknown),
                                    (_, _) -> {}));
            assertEquals(
                    "the storage has 70400 bytes free; the file has 70500",
                    e.problems().getFirst().why());
        }
    }
}
