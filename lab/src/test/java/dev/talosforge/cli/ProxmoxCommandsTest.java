package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.json.Json;
import dev.talosforge.lab.pve.PveEndpoint;
import dev.talosforge.lab.pve.PveSettings;
import dev.talosforge.lab.pve.PveWorld;
import dev.talosforge.state.StateFile;
import dev.talosforge.testkit.SpecRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code apply}, {@code prune} and {@code doctor} on a tree that uploads to the stand-in. */
@Tag("registry")
class ProxmoxCommandsTest {
    private static final String SECRET = "22222222-2222-4222-8222-222222222222";

    /** Of all endpoints: keys take a while. */
    @TempDir
    static Path certificates;

    @TempDir
    Path folder;

    private record Run(int code, String out, String err) {}

    private PveEndpoint start(Set<String> rights, List<PveWorld.Machine> machines) throws Exception {
        return start(rights, machines, true);
    }

    private PveEndpoint start(Set<String> rights, List<PveWorld.Machine> machines, boolean secondOnline)
            throws Exception {
        List<PveWorld.Acl> acls = new ArrayList<>();
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            acls.add(new PveWorld.Acl("/storage/resources", who, rights));
            if (rights.contains("VM.Audit")) {
                acls.add(new PveWorld.Acl("/vms", who, Set.of("VM.Audit")));
                acls.add(new PveWorld.Acl("/access", who, Set.of("Sys.Audit")));
            }
        }
        PveWorld world = new PveWorld(
                List.of(new PveWorld.Node("pve1", true), new PveWorld.Node("pve2", secondOnline)),
                List.of(PveWorld.Storage.forIsos("resources", "cephfs", true, 1L << 30)),
                List.of(new PveWorld.User("iso@pve", null, true)),
                List.of(new PveWorld.Token("iso@pve", "ci", SECRET, true, false)),
                acls,
                machines);
        return PveEndpoint.start(
                world,
                PveSettings.of(PveSettings.Release.CURRENT).with(Duration.ofSeconds(3), Duration.ofMillis(50)),
                new PveEndpoint.Place(folder.resolve("pve"), certificates, 0, InstantSource.system(), new Random(1)));
    }

    private static final Set<String> ALL =
            Set.of("Datastore.Allocate", "Datastore.AllocateTemplate", "Datastore.Audit", "VM.Audit");

    private Run run(PveEndpoint endpoint, String... arguments) throws Exception {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        environment.put("PATH", folder.resolve("bin").toString());
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put("PROXMOX_VE_ENDPOINT", endpoint.uri().toString());
        environment.put("PROXMOX_VE_API_TOKEN", "iso@pve!ci=" + SECRET);
        environment.put("PROXMOX_VE_CA_FILE", endpoint.authority().toString());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("-C", folder.resolve("tree").toString()));
        all.addAll(List.of(arguments));
        int code = Main.run(
                all.toArray(String[]::new),
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false));
        return new Run(code, plain(out.toString(UTF_8)), plain(err.toString(UTF_8)));
    }

    private String plain(String text) {
        return text.replace(folder.toString(), "FOLDER").replaceAll("https://localhost:[0-9]+/", "URL/");
    }

    private void tree(String... iso) throws Exception {
        Path unit = Files.createDirectories(folder.resolve("tree/registry"));
        Files.write(folder.resolve("tree/talos.iso"), String.join(" ", iso).getBytes(UTF_8));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_proxmox_upload" }
                inputs = {
                  iso_path             = "../talos.iso"
                  iso_name             = "talos-v1.11.5.iso"
                  proxmox_datastore_id = "resources"
                  proxmox_node_names   = ["pve1", "pve2"]
                  proxmox_iso_name     = "content"
                }
                """);
    }

    private static String shortened(String text) {
        return text.replaceAll("sha256-[0-9a-f]{16}", "sha256-X").replaceAll("sha256 [0-9a-f]{16}", "sha256 X");
    }

    @Test
    void pruneDeletesWhatNobodyNeedsAndNothingElse() throws Exception {
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            tree("first");
            Run first = run(endpoint, "run-all", "apply");
            assertEquals(0, first.code(), first::toString);
            tree("second");
            assertEquals(0, run(endpoint, "run-all", "apply").code());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            Files.writeString(iso.resolve("debian.iso"), "not ours");
            Run listed = run(endpoint, "prune", "--keep", "0");
            assertEquals(0, listed.code(), listed::toString);
            assertTrue(listed.out().contains("unused   resources:iso/talos-v1.11.5-sha256-"), listed::toString);
            assertTrue(listed.out().contains("5 bytes, on pve1, pve2: nothing needs it\n"), listed::toString);
            assertTrue(
                    listed.out().contains("6 bytes, on pve1, pve2: named in FOLDER/tree/registry/terraform.tfstate\n"),
                    listed::toString);
            assertTrue(
                    listed.out()
                            .endsWith("2 files of this tree, 1 others ignored; to delete the unused ones: talos-forge"
                                    + " -C 'FOLDER/tree' prune --keep 0 --delete\n"),
                    listed::toString);
            assertTrue(run(endpoint, "prune").out().contains("one of the newest 2"));
            Run deleted = run(endpoint, "prune", "--keep", "0", "--delete", "--json");
            assertEquals(0, deleted.code(), deleted::toString);
            assertTrue(
                    deleted.out().contains("\"action\":\"deleted\",\"reason\":\"nothing needed it\""),
                    deleted::toString);
            try (var files = Files.list(iso)) {
                assertEquals(2, files.count());
            }
            assertTrue(Files.exists(iso.resolve("debian.iso")));
        }
    }

    /** The tree with a name that does not say what the file is. */
    private void stable(String content) throws Exception {
        tree(content);
        Path file = folder.resolve("tree/registry/terragrunt.hcl");
        Files.writeString(file, Files.readString(file).replace("\"content\"", "\"stable\""));
    }

    @Test
    void somebodyElsesFileOfTheSameNameAndSizeIsDetected() throws Exception {
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            stable("first");
            assertEquals(0, run(endpoint, "run-all", "apply").code());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            Path file = iso.resolve("talos-v1.11.5.iso");
            assertTrue(run(endpoint, "run-all", "apply").err().contains("reused"), "nothing has changed");
            FileTime ours = Files.getLastModifiedTime(file);
            Files.writeString(file, "FIRST");
            Files.setLastModifiedTime(file, FileTime.from(ours.toInstant().plusSeconds(30)));
            Run listed = run(endpoint, "prune", "--keep", "0");
            assertTrue(listed.out().startsWith("0 files of this tree, 1 others ignored"), listed::toString);
            Run again = run(endpoint, "run-all", "apply");
            assertEquals(0, again.code(), again::toString);
            assertEquals("first", Files.readString(file));
        }
    }

    @Test
    void outputsNameEveryNodeOfASharedStorage() throws Exception {
        tree("first");
        String both;
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            assertEquals(0, run(endpoint, "run-all", "apply").code());
            both = Files.readString(folder.resolve("tree/registry/terraform.tfstate"));
            assertTrue(both.contains("\"pve2\""), both);
        }
        try (PveEndpoint endpoint = start(ALL, List.of(), false)) {
            Run offline = run(endpoint, "run-all", "apply");
            assertEquals(0, offline.code(), offline::toString);
            assertTrue(offline.err().contains("node pve2 was not checked: it is offline"), offline::toString);
            assertEquals(both, Files.readString(folder.resolve("tree/registry/terraform.tfstate")));
        }
    }

    @Test
    void pruneNeedsOnlyToSeeTheStorageAndWaitsForOfflineNodes() throws Exception {
        tree("first");
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            assertEquals(0, run(endpoint, "run-all", "apply").code());
        }
        try (PveEndpoint endpoint = start(Set.of("Datastore.Audit"), List.of())) {
            Run listed = run(endpoint, "prune");
            assertEquals(0, listed.code(), listed::toString);
        }
        try (PveEndpoint endpoint = start(Set.of("Datastore.AllocateTemplate"), List.of())) {
            Run refused = run(endpoint, "prune");
            assertEquals(6, refused.code());
            assertEquals(
                    """
                    error: cannot prune Proxmox storage resources
                      why:   token iso@pve!ci lacks Datastore.Audit on /storage/resources
                      try:   %s
                    """.formatted(granted(
                                    "/storage/resources",
                                    "TalosForgeRead",
                                    "-storage-resources-iso_pve_ci",
                                    "Datastore.Audit"))
                            .replace(
                                    "r=TalosForgeRead-storage-resources-iso_pve_ci; p=\"Datastore.Audit\"",
                                    "r=TalosForgeRead-storage-resources-iso_pve_ci; p=\"Datastore.AllocateTemplate Datastore.Audit\""),
                    refused.err());
        }
        PveWorld.Machine machine = new PveWorld.Machine(101, "cp1", "pve2", Map.of("agent", "1"));
        try (PveEndpoint endpoint = start(ALL, List.of(machine), false)) {
            Run waiting = run(endpoint, "prune", "--keep", "0", "--delete");
            assertEquals(7, waiting.code(), waiting::toString);
            assertEquals("""
                    error: cannot delete from Proxmox storage resources
                      where: GET URL/api2/json/nodes/pve2/qemu/101/pending (595)
                      why:   cannot check virtual machine 101 on node pve2: node pve2 does not answer localhost: 595 Connection refused
                      try:   run the command again when node pve2 answers
                    """, waiting.err());
        }
    }

    @Test
    void pruneRefusesToGuess() throws Exception {
        try (PveEndpoint endpoint = start(Set.of("Datastore.AllocateTemplate", "Datastore.Audit"), List.of())) {
            tree("first");
            assertEquals(0, run(endpoint, "run-all", "apply").code());
            Run refused = run(endpoint, "prune", "--delete");
            assertEquals(6, refused.code());
            assertEquals("""
                    error: cannot delete from Proxmox storage resources
                      why:   token iso@pve!ci lacks VM.Audit on /vms, so it does not see all virtual machines
                      try:   %s
                    """.formatted(granted("/vms", "TalosForgeVms", "", "VM.Audit")), refused.err());
        }
    }

    @Test
    void doctorReportsWhatIsRightAndWhatIsMissing() throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        try (PveEndpoint endpoint = start(Set.of("Datastore.Audit"), List.of())) {
            tree("first");
            Run run = run(endpoint, "doctor");
            assertEquals(6, run.code(), run::toString);
            assertEquals(
                    """
                    ok       registry: its inputs are valid and everything they refer to exists
                    ok       registry, Proxmox: Proxmox VE 9.2.11 answers, its certificate is trusted and the credentials\
                     are valid
                    failed   registry, Proxmox: cannot upload to Proxmox storage resources: token iso@pve!ci lacks\
                     Datastore.AllocateTemplate on /storage/resources
                               try: %s
                    1 problem
                    """.formatted(granted(
                            "/storage/resources", "TalosForge", "", "Datastore.AllocateTemplate", "Datastore.Audit")),
                    run.out().substring(run.out().indexOf("ok       registry:")));
            assertTrue(run.out().startsWith("ok       JDK: Java "), run::toString);
            assertTrue(run.out().contains("""
                                    warning  QEMU: qemu-system-x86_64 is not on the PATH; only talos-forge boot needs it
                                               try: apt-get install qemu-system-x86
                                    """), run::toString);
        }
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            Run run = run(endpoint, "doctor");
            assertEquals(0, run.code(), run::toString);
            assertTrue(
                    run.out().endsWith("""
                    ok       registry, Proxmox: resources accepts the file, on pve1, pve2
                    warning  registry, Proxmox: unknown whether /var/tmp of the receiving node has room for the file:\
                     reading that needs Sys.Audit on /nodes
                               try: %s
                    ok       registry, Proxmox: the credentials can see which machines have a file attached
                    ok       registry, Proxmox: the credentials can delete files, which only prune needs
                    no problems
                    """.formatted(granted("/nodes", "TalosForgeAudit", "", "Sys.Audit"))),
                    run::toString);
        }
    }

    /** The line that gives rights to the token, and to its user where that lacks them. */
    private static String granted(String path, String role, String end, String... privileges) {
        String all = String.join(" ", privileges);
        String add = "pveum role add $r --privs \"$p\" 2>/dev/null || pveum role modify $r --append 1 --privs \"$p\"";
        return "h=$(pveum user permissions 'iso@pve' --path " + path
                + " --output-format json | grep -oE '\"[A-Z][A-Za-z.]+\"' | sort | tr '\"\\n' '  '); case \"$h\" in *\" "
                + String.join(" \"*\" ", privileges) + " \"*) ;; *) r=" + role + path.replace('/', '-')
                + "-iso_pve; p=\"$h " + all + "\"; " + add + "; pveum acl modify " + path
                + " --users 'iso@pve' --roles $r;; esac; r=" + role + end + "; p=\"" + all + "\"; " + add
                + "; pveum acl modify " + path + " --tokens 'iso@pve!ci' --roles $r";
    }

    /** Every file and folder with its content and the time of its last change. */
    private SortedMap<String, String> snapshot() throws Exception {
        SortedMap<String, String> all = new TreeMap<>();
        try (var walk = Files.walk(folder)) {
            for (Path path : walk.toList()) {
                String content = Files.isRegularFile(path)
                        ? Sha256.of(ByteSource.of(path)).hex()
                        : "folder";
                all.put(path.toString(), content + " " + Files.getLastModifiedTime(path));
            }
        }
        return all;
    }

    /** What is wrong with one unit, or with one of its inputs, hides nothing else. */
    @Test
    void doctorContinuesPastWhatItCannotEvaluate() throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        tree("first");
        Path file = folder.resolve("tree/registry/terragrunt.hcl");
        Files.writeString(file, Files.readString(file).replace("\"talos-v1.11.5.iso\"", "local.nowhere"));
        Path broken = Files.createDirectories(folder.resolve("tree/broken"));
        Files.writeString(broken.resolve("terragrunt.hcl"), "inputs = {");
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            Run run = run(endpoint, "doctor");
            assertTrue(run.out().contains("failed   broken: "), run::toString);
            assertTrue(run.out().contains("failed   registry: "), run::toString);
            assertTrue(run.out().contains("""
                    warning  registry, Proxmox: checked only in part: not all inputs of the unit can be evaluated now
                    ok       registry, Proxmox: Proxmox VE 9.2.11 answers, its certificate is trusted and the credentials\
                     are valid
                    """), run::toString);
        }
    }

    @Test
    void doctorAsksWhetherItMayPushAndChangesNothing() throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        tree("first");
        Path unit = Files.createDirectories(folder.resolve("tree/extension"));
        try (SpecRegistry registry = SpecRegistry.start();
                PveEndpoint endpoint = start(ALL, List.of())) {
            Files.writeString(unit.resolve("terragrunt.hcl"), """
                    terraform { source = "../modules/talos_extension" }
                    inputs = {
                      name               = "hello"
                      version            = "v1.0.0"
                      sources            = [{ files = { "usr/local/etc/hello" = "hello" }, to = "/" }]
                      extension_registry = "%s/acme/hello"
                    }
                    """.formatted(registry.host()));
            SortedMap<String, String> before = snapshot();
            Run run = run(endpoint, "doctor");
            assertEquals(0, run.code(), run::toString);
            assertTrue(
                    run.out()
                            .contains(
                                    "ok       extension, registry: %s/acme/hello accepts pushes: an upload was started and cancelled%n"
                                            .formatted(registry.host())),
                    run::toString);
            assertEquals(before, snapshot());
            assertEquals(0, registry.openUploads());
            registry.refuse("POST /v2/acme/hello", -1, 403, 9);
            Run refused = run(endpoint, "doctor");
            assertEquals(6, refused.code(), refused::toString);
            assertTrue(
                    refused.out()
                            .contains("failed   extension, registry: cannot push to %s/acme/hello: "
                                    .formatted(registry.host())),
                    refused::toString);
            run(endpoint, "doctor", "vm", "101");
            assertEquals(before, snapshot());
        }
    }

    /** A build of images as an apply records it. */
    private void built(String content, String architectures, String... parts) throws Exception {
        Path unit = Files.createDirectories(folder.resolve("tree/images"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_images" }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "registry.test/acme/installer"
                  architectures      = [%s]
                }
                """.formatted(architectures.replaceAll("(\\w+)", "\"$1\"")));
        SortedMap<String, Json> outputs = new TreeMap<>();
        outputs.put("iso_sha256", Json.of(Sha256.of(content.getBytes(UTF_8)).hex()));
        StateFile.at(unit.resolve("terraform.tfstate")).record(outputs);
        Json.Builder made = Json.object();
        if (!architectures.equals("amd64")) {
            made.put("architectures", architectures);
        }
        for (String part : parts) {
            made.put(part, "1.0.0@" + Sha256.of(part.getBytes(UTF_8)));
        }
        Files.writeString(
                unit.resolve("terraform.tfstate.forge.json"),
                Json.object()
                        .put("stage", "installer image and boot ISO")
                        .put("parts", made.build())
                        .build()
                        .pretty());
    }

    @Test
    void doctorComparesAMachineWithTheBuildsThatAreRecorded() throws Exception {
        tree("first");
        String volume;
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            assertEquals(0, run(endpoint, "run-all", "apply").code());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            try (var files = Files.list(iso)) {
                volume = "resources:iso/" + files.findFirst().orElseThrow().getFileName();
            }
        }
        Map<String, String> config = Map.of(
                "ide0", "ceph:vm-101-cloudinit,media=cdrom",
                "ide2", volume + ",media=cdrom",
                "agent", "1",
                "cpu", "host");
        try (PveEndpoint endpoint = start(ALL, List.of(new PveWorld.Machine(101, "cp1", "pve1", config)))) {
            built("first", "amd64", "extension ghcr.io/siderolabs/qemu-guest-agent");
            Run right = run(endpoint, "doctor", "vm", "cp1");
            assertEquals("""
                    ok       ISO: resources:iso/talos-v1.11.5-sha256-X.iso on ide2 is the newest upload of registry, \
                    sha256 X
                    ok       architecture: the ISO and the machine are both for amd64
                    ok       cloud-init: a drive is attached on ide0
                    ok       firmware: BIOS (seabios); the ISO boots from it
                    ok       boot order: the default order, which includes the ISO
                    ok       guest agent: enabled in the machine's options
                    ok       guest agent, images: the images built last contain its extension
                    ok       processor: host
                    no problems
                    """, shortened(right.out()));
            assertEquals(0, right.code());
            built("first", "arm64", "extension ghcr.io/siderolabs/crun");
            Run wrong = run(endpoint, "doctor", "vm", "cp1");
            assertEquals(6, wrong.code());
            assertEquals("""
                    ok       ISO: resources:iso/talos-v1.11.5-sha256-X.iso on ide2 is the newest upload of registry, \
                    sha256 X
                    failed   architecture: the ISO is for arm64, but the machine's type is amd64: it cannot boot from it
                               try: attach the ISO for amd64: qm set 101 --ide2 STORAGE:iso/NAME,media=cdrom
                    ok       cloud-init: a drive is attached on ide0
                    failed   firmware: BIOS (seabios): the ISO for arm64 boots from UEFI only
                               try: qm set 101 --bios ovmf
                    ok       boot order: the default order, which includes the ISO
                    ok       guest agent: enabled in the machine's options
                    failed   guest agent, images: the images built last do not contain its extension
                               try: add ghcr.io/siderolabs/qemu-guest-agent to official_extensions, apply, then upgrade \
                    the node
                    ok       processor: host
                    3 problems
                    """, shortened(wrong.out()));
        }
        Map<String, String> arm = Map.of(
                "arch",
                "aarch64",
                "bios",
                "ovmf",
                "efidisk0",
                "ceph:vm-102-disk-1",
                "ide2",
                "resources:iso/talos-arm64.iso");
        try (PveEndpoint endpoint = start(ALL, List.of(new PveWorld.Machine(102, "cp2", "pve1", arm)))) {
            Run named = run(endpoint, "doctor", "vm", "102");
            assertTrue(
                    named.out().contains("ok       architecture: the ISO and the machine are both for arm64\n"),
                    named::toString);
            assertTrue(named.out().contains("ok       processor: the default of arm64\n"), named::toString);
        }
    }

    @Test
    void doctorLooksAtAMachine() throws Exception {
        tree("first");
        String volume;
        try (PveEndpoint endpoint = start(ALL, List.of())) {
            assertEquals(0, run(endpoint, "run-all", "apply").code());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            try (var files = Files.list(iso)) {
                volume = "resources:iso/" + files.findFirst().orElseThrow().getFileName();
            }
        }
        PveWorld.Machine bad = new PveWorld.Machine(
                101,
                "cp1",
                "pve1",
                Map.of(
                        "ide2", "resources:iso/debian.iso,media=cdrom",
                        "scsi0", "ceph:vm-101-disk-0,size=32G",
                        "boot", "order=scsi0",
                        "bios", "ovmf",
                        "efidisk0", "ceph:vm-101-disk-1,efitype=4m,pre-enrolled-keys=1"));
        PveWorld.Machine good = new PveWorld.Machine(
                102,
                "cp2",
                "pve2",
                new TreeMap<>(Map.of(
                        "ide0", "ceph:vm-102-cloudinit,media=cdrom",
                        "ide2", volume + ",media=cdrom",
                        "boot", "order=scsi0;ide2",
                        "agent", "enabled=1,fstrim_cloned_disks=1",
                        "cpu", "host")),
                new TreeMap<>(Map.of("cpu", "qemu64")),
                new TreeMap<>());
        try (PveEndpoint endpoint = start(ALL, List.of(bad, good))) {
            Run wrong = run(endpoint, "doctor", "vm", "cp1");
            assertEquals(6, wrong.code(), wrong::toString);
            assertEquals("""
                    warning  ISO: resources:iso/debian.iso on ide2 is not an upload that this tree recorded
                               try: talos-forge output talos_image_id   shows this tree's upload
                    warning  architecture: the ISO's architecture is unknown; the machine's type is amd64
                    failed   cloud-init: no drive is attached, and the platform nocloud gets its configuration from one
                               try: qm set 101 --ide0 STORAGE:cloudinit
                    failed   firmware: UEFI with secure boot: the ISO is not signed with the enrolled keys
                               try: replace the EFI disk with one without keys: qm set 101 --delete efidisk0 && qm set 101 --efidisk0 \
                    STORAGE:1,efitype=4m,pre-enrolled-keys=0
                    failed   boot order: order=scsi0 leaves out ide2, which holds the ISO: the machine never boots from it
                               try: qm set 101 --boot 'order=scsi0;ide2'
                    failed   guest agent: disabled in the machine's options
                               try: qm set 101 --agent 1, then stop and start the machine
                    warning  guest agent: unknown whether the image contains its extension: no images are recorded
                    failed   processor: its type kvm64 lacks instructions of x86-64-v2, which Talos needs
                               try: qm set 101 --cpu x86-64-v2-AES
                    5 problems
                    """, wrong.out());
            Run right = run(endpoint, "doctor", "vm", "102");
            assertEquals(6, right.code(), right::toString);
            assertEquals("""
                    ok       ISO: resources:iso/talos-v1.11.5-sha256-X.iso on ide2 is the newest upload of registry, \
                    sha256 X
                    warning  architecture: the ISO's architecture is unknown; the machine's type is amd64
                    ok       cloud-init: a drive is attached on ide0
                    ok       firmware: BIOS (seabios); the ISO boots from it
                    ok       boot order: scsi0;ide2, which includes the ISO on ide2
                    ok       guest agent: enabled in the machine's options
                    warning  guest agent: unknown whether the image contains its extension: no images are recorded
                    ok       processor: host
                    failed   processor, after the next start: its type qemu64 lacks instructions of x86-64-v2, which Talos needs
                               try: qm set 102 --cpu x86-64-v2-AES
                    warning  pending change: cpu becomes qemu64 at the next start
                               try: qm pending 102
                    1 problem
                    """, shortened(right.out()));
            Run none = run(endpoint, "doctor", "vm", "cp9");
            assertEquals("""
                    error: cannot check virtual machine cp9
                      why:   none has that number or name; there are 101 (cp1), 102 (cp2)
                      try:   did you mean "cp1"?
                    """, none.err());
        }
    }
}
