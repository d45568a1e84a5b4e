package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.machine.Machine;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that is looked for: wherever it is, and whatever its node says. */
@Tag("registry")
class ProxmoxMachinesTest {
    private static final ProxmoxLogin ROOT = new ProxmoxLogin.Password("root@pam", "root");

    @TempDir
    Path directory;

    private PveEndpoint start(List<PveWorld.Node> nodes) throws Exception {
        PveWorld.Machine here = new PveWorld.Machine(
                101,
                "cp1",
                "pve1",
                new TreeMap<>(Map.of("agent", "1", "cpu", "host")),
                new TreeMap<>(Map.of("agent", "", "cpu", "qemu64")),
                new TreeMap<>());
        PveWorld.Machine away = new PveWorld.Machine(103, "cp3", "pve3", Map.of("agent", "1"));
        return PveBench.start(
                directory, PveBench.world(nodes, PveBench.resources()).with(List.of(here, away)));
    }

    private static String refused(PveEndpoint endpoint, String machine) {
        Problem problem = assertThrows(
                        BuildException.class,
                        () -> new ProxmoxClient(PveBench.settings(endpoint, ROOT)).machine(machine))
                .problems()
                .getFirst();
        return "%s %s: %s -> %s".formatted(problem.kind(), problem.what(), problem.why(), problem.remedy());
    }

    @Test
    void changesThatWaitAreRead() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true))) {
            Machine machine = new ProxmoxClient(PveBench.settings(endpoint, ROOT)).machine("cp1");
            assertEquals("{agent=1, cpu=host}", machine.config().toString());
            assertEquals("{agent=, cpu=qemu64}", machine.waiting().toString());
            assertEquals("{cpu=qemu64}", machine.afterStart().config().toString());
            assertEquals(
                    "103",
                    String.valueOf(new ProxmoxClient(PveBench.settings(endpoint, ROOT))
                            .machine("cp3")
                            .id()));
        }
    }

    @Test
    void aMachineOnANodeThatIsOffline() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(false))) {
            assertEquals(
                    "UNAVAILABLE cannot check virtual machine 103: it is on node pve3, which is offline; only that node has"
                            + " its configuration -> run the command again when node pve3 is back; until then, on any node:"
                            + " cat /etc/pve/nodes/pve3/qemu-server/103.conf",
                    refused(endpoint, "103"));
            assertEquals(
                    "UNAVAILABLE cannot check virtual machine cp3: no visible one has that name, and the names of 103 are"
                            + " unknown: pve3 is offline or not answering -> run the command again when it is back, or use the"
                            + " machine's number",
                    refused(endpoint, "cp3"));
            assertEquals(
                    "INVALID_INPUT cannot check virtual machine 999: none has that number or name; there are 101 (cp1),"
                            + " 103 -> on each node: qm list",
                    refused(endpoint, "999"));
        }
        List<PveWorld.Node> silent =
                List.of(new PveWorld.Node("pve1", true), new PveWorld.Node("pve3", false, 1L << 40, "online"));
        try (PveEndpoint endpoint = start(silent)) {
            assertEquals(
                    "UNAVAILABLE cannot check virtual machine 103: node pve3 does not answer localhost: 595 Connection"
                            + " refused -> on pve3: systemctl status pveproxy pvedaemon; on any node: pvecm status",
                    refused(endpoint, "103"));
        }
    }

    @Test
    void aNameThatIsNear() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true))) {
            assertEquals(
                    "INVALID_INPUT cannot check virtual machine cp33: none has that number or name; there are 101 (cp1),"
                            + " 103 (cp3) -> did you mean \"cp3\"?",
                    refused(endpoint, "cp33"));
        }
    }
}
