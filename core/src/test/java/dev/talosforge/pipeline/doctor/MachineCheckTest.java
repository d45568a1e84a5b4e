package dev.talosforge.pipeline.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.proxmox.machine.Machine;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code doctor vm} says of configurations as they are met. */
class MachineCheckTest {
    private static SortedMap<String, String> config(String... more) {
        SortedMap<String, String> config = new TreeMap<>(Map.of(
                "agent", "1",
                "bootdisk", "scsi0",
                "cpu", "host",
                "ide0", "ceph:vm-101-cloudinit,media=cdrom",
                "ide2", "resources:iso/talos.iso,media=cdrom",
                "net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0",
                "scsi0", "ceph:vm-101-disk-0,size=32G"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    private static String message(String subject, SortedMap<String, String> config, Map<String, String> waiting) {
        Machine machine = new Machine(101, "cp1", "pve1", "running", config, new TreeMap<>(waiting));
        return MachineCheck.look(machine, new RecordedBuilds(List.of(), List.of())).stream()
                .filter(finding -> finding.subject().startsWith(subject))
                .map(finding -> "%s %s: %s%s"
                        .formatted(
                                finding.verdict(),
                                finding.subject(),
                                finding.message(),
                                finding.remedy() == null ? "" : " -> " + finding.remedy()))
                .collect(Collectors.joining("\n"));
    }

    private static String boot(String value) {
        return message("boot order", config("boot", value), Map.of());
    }

    /** Every form that Proxmox has had, and what it would not take: none of them stops the command. */
    @Test
    void anyBootOrderIsUnderstood() {
        String usual = "OK boot order: the default order, which includes the ISO";
        assertEquals(usual, message("boot order", config(), Map.of()));
        assertEquals(usual, boot(""));
        assertEquals("OK boot order: cdn, which includes the ISO on ide2", boot("cdn"));
        assertEquals("OK boot order: d, which includes the ISO on ide2", boot("d"));
        assertEquals("OK boot order: legacy=dc, which includes the ISO on ide2", boot("legacy=dc"));
        assertEquals("OK boot order: ide2, which includes the ISO on ide2", boot("legacy=c,order=ide2"));
        assertEquals("OK boot order: scsi0;ide2;net0, which includes the ISO on ide2", boot("order=scsi0;ide2;net0"));
        String out =
                "WRONG boot order: %s leaves out ide2, which holds the ISO: the machine never boots from it -> qm set 101"
                        + " --boot '%s'";
        assertEquals(out.formatted("c", "order=scsi0;ide2"), boot("c"));
        assertEquals(out.formatted("cn", "order=scsi0;net0;ide2"), boot("cn"));
        assertEquals(out.formatted("legacy=n", "order=net0;ide2"), boot("legacy=n"));
        assertEquals(out.formatted("a", "order=ide2"), boot("a"));
        assertEquals(out.formatted("order=", "order=ide2"), boot("order="));
        assertEquals(out.formatted("order=scsi0", "order=scsi0;ide2"), boot("order=scsi0"));
        assertEquals(
                "NOTE boot order: cannot read the order \"floppy first\"; the ISO is on ide2 -> qm set 101 --boot"
                        + " 'order=ide2'",
                boot("floppy first"));
        assertEquals(
                out.formatted("d", "order=ide0;ide2"),
                message("boot order", config("boot", "d", "ide2", "resources:iso/talos.iso"), Map.of()),
                "it is attached as a disk");
        for (String odd : List.of(
                ",", "=", ";", "order", "order=;;", "legacy=", "legacy=xyz", "cdnx", "order=ide2,order=", "\u00e4")) {
            assertEquals(1, boot(odd).lines().count(), odd);
        }
    }

    @Test
    void whatComesWithTheNextStartIsJudged() {
        assertEquals("""
                OK guest agent: enabled in the machine's options
                NOTE guest agent: unknown whether the image contains its extension: no images are recorded
                WRONG guest agent, after the next start: disabled in the machine's options -> qm set 101 --agent 1, then stop and start the machine""", message("guest agent", config(), Map.of("agent", "")));
        assertEquals("""
                OK processor: host
                WRONG processor, after the next start: its type qemu64 lacks instructions of x86-64-v2, which Talos needs -> qm set 101 --cpu x86-64-v2-AES""", message("processor", config(), Map.of("cpu", "qemu64")));
        assertEquals("""
                WRONG processor: its type kvm64 lacks instructions of x86-64-v2, which Talos needs -> the change is pending: stop the machine and start it; a reboot from within is not enough
                OK processor, after the next start: host""", message("processor", config("cpu", "kvm64"), Map.of("cpu", "host")));
        assertEquals(
                "OK boot order: the default order, which includes the ISO",
                message("boot order", config(), Map.of("memory", "4096")),
                "nothing is said twice");
    }

    @Test
    void theAgentInEveryForm() {
        for (String on : List.of("1", "enabled=1", "1,fstrim_cloned_disks=1", "type=virtio,enabled=1", "yes", "on")) {
            assertEquals(
                    "OK guest agent: enabled in the machine's options",
                    message("guest agent", config("agent", on), Map.of())
                            .lines()
                            .findFirst()
                            .orElse(""),
                    on);
        }
        for (String off : List.of("0", "enabled=0,fstrim_cloned_disks=1", "", "type=virtio")) {
            assertEquals(
                    "WRONG",
                    message("guest agent", config("agent", off), Map.of()).substring(0, 5),
                    off);
        }
    }
}
