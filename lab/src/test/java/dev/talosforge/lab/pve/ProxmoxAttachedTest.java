package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.machine.Attachments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine has, or may have, stays: however it is attached, and whatever the credentials cannot see. */
@Tag("registry")
class ProxmoxAttachedTest {
    private static final ByteSource OLD = PveBench.content(20_000);
    private static final ByteSource NEW = PveBench.content(30_000);
    private static final String VOLUME = "resources:iso/talos.iso";
    private static final String DRIVE = VOLUME + ",media=cdrom";

    @TempDir
    Path directory;

    private static PveWorld.Acl acl(String path, String who, boolean propagate, String... privileges) {
        return new PveWorld.Acl(path, who, Set.of(privileges), propagate);
    }

    /** All that replacing takes: for the user and its token. */
    private static List<PveWorld.Acl> rights(boolean machinesBelow) {
        List<PveWorld.Acl> acls = new ArrayList<>();
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            acls.add(acl("/storage/resources", who, true, "Datastore.AllocateTemplate", "Datastore.Audit"));
            acls.add(acl("/access", who, true, "Sys.Audit"));
            acls.add(acl("/vms", who, machinesBelow, "VM.Audit"));
        }
        return acls;
    }

    private static PveWorld world(List<PveWorld.Acl> acls, boolean thirdOnline, PveWorld.Machine... machines) {
        PveWorld world = PveBench.world(PveBench.nodes(thirdOnline), PveBench.resources());
        return new PveWorld(world.nodes(), world.storages(), world.users(), world.tokens(), acls, List.of(machines));
    }

    private static PveWorld.Machine machine(int id, String node, String key, String value) {
        return new PveWorld.Machine(id, "cp" + id, node, Map.of(key, value));
    }

    private Attachments attachments(PveWorld world) throws Exception {
        Path folder = Files.createTempDirectory(directory, "pve");
        try (PveEndpoint endpoint = PveBench.start(folder, world)) {
            return new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN)).attachments();
        }
    }

    /** What becomes of the old file when another is uploaded under its name: nothing. */
    private String kept(PveWorld world) throws Exception {
        Path folder = Files.createTempDirectory(directory, "pve");
        try (PveEndpoint endpoint = PveBench.start(folder, world)) {
            ProxmoxClient client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            client.upload(PveBench.request("resources", "talos.iso", OLD), (_, _) -> {});
            UploadRequest other = PveBench.request("resources", "talos.iso", NEW);
            UploadResult result = client.upload(other, (_, _) -> {});
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            assertArrayEquals(OLD.readAll("test", 1 << 20), Files.readAllBytes(iso.resolve("talos.iso")));
            String start = "talos.iso is kept; the new file is %s: ".formatted(other.contentName());
            assertTrue(result.notes().getFirst().text().startsWith(start), result::toString);
            return result.notes().getFirst().text().substring(start.length());
        }
    }

    @Test
    void rightsThatDoNotHoldBelowTheirPathShowNoMachines() throws Exception {
        String why = "token iso@pve!ci has VM.Audit on /vms, but not below it (propagate is 0), so it does not see"
                + " all virtual machines";
        PveWorld world = world(rights(false), true, machine(101, "pve1", "ide2", DRIVE));
        assertEquals("it may be attached to a machine: " + why, kept(world));
        assertEquals(why, attachments(world).unknown());
    }

    @Test
    void aMachineThatAnEntryOfItsOwnHidesMayHaveAnything() throws Exception {
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            List<PveWorld.Acl> acls = rights(true);
            acls.add(acl("/vms/101", who, true));
            assertEquals(
                    "it may be attached to a machine: token iso@pve!ci lacks VM.Audit on /vms/101, which has its own"
                            + " permissions",
                    kept(world(acls, true, machine(101, "pve1", "ide2", DRIVE))));
        }
    }

    @Test
    void aPoolThatHidesItsMachinesMayHaveAnything() throws Exception {
        List<PveWorld.Acl> acls = rights(true);
        acls.add(acl("/pool/secret", "iso@pve", true));
        assertEquals(
                "iso@pve has the role NoAccess on /pool/secret, so token iso@pve!ci may not see all virtual machines",
                attachments(world(acls, true)).unknown());
    }

    @Test
    void whereAccessRightsCannotBeReadAMachineMayBeHidden() throws Exception {
        List<PveWorld.Acl> acls = rights(true);
        acls.removeIf(acl -> acl.path().equals("/access"));
        Attachments attachments = attachments(world(acls, true));
        assertEquals(
                "token iso@pve!ci lacks Sys.Audit on /access, so it cannot tell whether permissions hide a virtual"
                        + " machine from it",
                attachments.unknown());
        assertEquals(Problem.Kind.REFUSED, attachments.kind());
        assertNull(attachments(world(rights(true), true)).unknown(), "with it, it can");
    }

    @Test
    void aNameInAnyValueOfAnyConfigurationKeepsTheFile() throws Exception {
        String named = "it is named in the configuration of virtual machine 101 (cp101)";
        for (Map.Entry<String, String> entry : new TreeMap<>(Map.of(
                        "args", "-drive file=/mnt/pve/resources/template/iso/talos.iso,if=virtio",
                        "ide0", "/mnt/pve/resources/template/iso/talos.iso,media=cdrom",
                        "description", "boots from Talos.ISO",
                        "scsi0", "other:iso/talos.iso,media=cdrom"))
                .entrySet()) {
            assertEquals(
                    named, kept(world(rights(true), true, machine(101, "pve1", entry.getKey(), entry.getValue()))));
        }
        assertEquals(
                "it is attached to virtual machine 101 (cp101)",
                kept(world(rights(true), true, machine(101, "pve1", "ide2", "file=" + DRIVE))));
        var config = new TreeMap<>(Map.of("args", "-cdrom talos.iso"));
        var none = new TreeMap<String, String>();
        assertEquals(
                named,
                kept(world(
                        rights(true),
                        true,
                        new PveWorld.Machine(101, "cp101", "pve1", none, config, new TreeMap<>()))));
        assertEquals(
                named,
                kept(world(
                        rights(true),
                        true,
                        new PveWorld.Machine(
                                101, "cp101", "pve1", none, none, new TreeMap<>(Map.of("before", config))))));
        assertEquals(
                "it is named in the configuration of container 200 (ct)",
                kept(world(
                        rights(true),
                        true,
                        new PveWorld.Machine(
                                200,
                                "lxc",
                                "ct",
                                "pve2",
                                new TreeMap<>(Map.of("mp0", "/mnt/pve/resources/template/iso/talos.iso,mp=/iso")),
                                none,
                                new TreeMap<>()))));
    }

    @Test
    void aMachineOnANodeThatIsOfflineMayHaveAnything() throws Exception {
        PveWorld world = world(rights(true), false, machine(101, "pve3", "ide2", DRIVE));
        assertEquals(
                "it may be attached to a machine: cannot check virtual machine 101 on node pve3: node pve3 does not"
                        + " answer localhost: 595 Connection refused",
                kept(world));
        Attachments attachments = attachments(world);
        assertEquals(Problem.Kind.UNAVAILABLE, attachments.kind());
        assertEquals("run the command again when node pve3 answers", String.valueOf(attachments.remedy()));
    }

    /** A node without figures answers all the same. */
    @Test
    void aNodeOfUnknownStatusIsLookedAt() throws Exception {
        PveWorld known = world(rights(true), true, machine(101, "pve2", "ide2", DRIVE));
        PveWorld world = new PveWorld(
                List.of(new PveWorld.Node("pve1", true), new PveWorld.Node("pve2", true, 1L << 40, "unknown")),
                known.storages(),
                known.users(),
                known.tokens(),
                known.acls(),
                known.machines());
        assertEquals("it is attached to virtual machine 101 (cp101)", kept(world));
    }

    /** The first look and the replacement are as far apart as the upload of the copy beside takes. */
    @Test
    void whatIsAttachedWhileTheCopyBesideIsMadeStays() throws Exception {
        PveWorld empty = world(rights(true), true);
        try (PveEndpoint endpoint = PveBench.start(directory, empty)) {
            ProxmoxClient client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            client.upload(PveBench.request("resources", "talos.iso", OLD), (_, _) -> {});
            UploadRequest other = PveBench.request("resources", "talos.iso", NEW);
            AtomicBoolean attached = new AtomicBoolean();
            UploadResult result = client.upload(other, (sent, size) -> {
                if (!attached.getAndSet(true)) {
                    endpoint.add(machine(101, "pve1", "ide2", DRIVE));
                }
            });
            assertEquals(
                    List.of("talos.iso is kept; the new file is %s: it is attached to virtual machine 101 (cp101)"
                            .formatted(other.contentName())),
                    result.notes().stream().map(UploadResult.Note::text).toList());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            assertArrayEquals(OLD.readAll("test", 1 << 20), Files.readAllBytes(iso.resolve("talos.iso")));
        }
    }
}
