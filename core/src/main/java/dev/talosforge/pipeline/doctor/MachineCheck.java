package dev.talosforge.pipeline.doctor;

import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.proxmox.machine.Machine;
import dev.talosforge.talos.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds in a virtual machine's configuration why it might not boot or not report what it should. */
final class MachineCheck {
    private static final Pattern DRIVE = Pattern.compile("(?:ide|sata|scsi|virtio)[0-9]{1,2}");
    private static final Pattern ISO = Pattern.compile(":iso/|/template/iso/|^/.*\\.(?:iso|img)$");
    private static final List<String> OLD_PROCESSORS = List.of("kvm32", "kvm64", "qemu32", "qemu64");

    /** As Proxmox reads truth values. */
    private static final List<String> YES = List.of("1", "on", "yes", "true");

    private static final String START =
            "the change is pending: stop the machine and start it; a reboot from within is not enough";

    private final Machine machine;
    private final RecordedBuilds builds;
    private final SortedMap<String, String> drives = new TreeMap<>();
    private final List<Diagnosis> findings = new ArrayList<>();

    private MachineCheck(Machine machine, RecordedBuilds builds) {
        this.machine = machine;
        this.builds = builds;
        machine.config().forEach((key, value) -> {
            if (DRIVE.matcher(key).matches()) {
                drives.put(key, value);
            }
        });
    }

    static List<Diagnosis> look(Machine machine, RecordedBuilds builds) {
        List<Diagnosis> now = new MachineCheck(machine, builds).all();
        if (machine.waiting().isEmpty()) {
            return now;
        }
        List<Diagnosis> next = new MachineCheck(machine.afterStart(), builds).all();
        List<Diagnosis> findings = new ArrayList<>();
        for (Diagnosis finding : now) {
            findings.add(isMended(finding, next) ? finding.with(new Remedy.Text(START)) : finding);
        }
        next.stream()
                .filter(finding -> !now.contains(finding))
                .map(finding -> finding.about(finding.subject() + ", after the next start"))
                .forEach(findings::add);
        waiting(machine, findings);
        return findings;
    }

    private static boolean isMended(Diagnosis finding, List<Diagnosis> next) {
        return finding.verdict() == Diagnosis.Verdict.WRONG
                && next.stream()
                        .noneMatch(later -> later.subject().equals(finding.subject())
                                && later.verdict() == Diagnosis.Verdict.WRONG);
    }

    private List<Diagnosis> all() {
        String iso = iso();
        Architecture built =
                iso == null ? null : builds.architecture(String.valueOf(Machine.volume(drives.getOrDefault(iso, ""))));
        architecture(iso, built);
        cloudInit();
        firmware(built);
        bootOrder(iso);
        agent();
        processor();
        return findings;
    }

    private static void waiting(Machine machine, List<Diagnosis> findings) {
        machine.waiting()
                .forEach((key, value) -> findings.add(Diagnosis.note(
                        "pending change",
                        value.isEmpty()
                                ? "%s is removed at the next start".formatted(key)
                                : "%s becomes %s at the next start".formatted(key, value),
                        "qm pending %d".formatted(machine.id()))));
    }

    private void ok(String subject, String message) {
        findings.add(Diagnosis.ok(subject, message));
    }

    private void wrong(String subject, String message, @Nullable String remedy) {
        findings.add(Diagnosis.wrong(subject, Kind.REFUSED, message, remedy));
    }

    private static boolean isCloudInit(String drive) {
        return drive.matches("[^,]*cloudinit[^,]*(,.*)?");
    }

    /** The drive with an image of ours; otherwise with any. */
    private @Nullable String iso() {
        String found = null;
        for (var drive : drives.entrySet()) {
            String volume = Machine.volume(drive.getValue());
            if (volume != null && ISO.matcher(volume).find() && !isCloudInit(drive.getValue())) {
                if (found == null || builds.describe(volume) != null) {
                    found = drive.getKey();
                }
            }
        }
        if (found == null) {
            findings.add(Diagnosis.note(
                    "ISO",
                    "none is attached: a machine that is not installed yet has nothing to boot from",
                    "qm set %d --ide2 STORAGE:iso/NAME,media=cdrom".formatted(machine.id())));
            return null;
        }
        String volume = String.valueOf(Machine.volume(drives.getOrDefault(found, "")));
        String describe = builds.describe(volume);
        if (describe == null) {
            findings.add(Diagnosis.noted(
                    "ISO",
                    "%s on %s is not an upload that this tree recorded".formatted(volume, found),
                    Remedy.command(Verb.OUTPUT, "talos_image_id").then("   shows this tree's upload")));
        } else if (builds.isCurrent(volume)) {
            ok("ISO", "%s on %s is %s".formatted(volume, found, describe));
        } else {
            findings.add(Diagnosis.note("ISO", "%s on %s is %s".formatted(volume, found, describe), null));
        }
        return found;
    }

    /** What the machine is; Proxmox itself runs on x86_64, which is also the default. */
    private Architecture machineType() {
        return machine.config().getOrDefault("arch", "x86_64").equals("aarch64")
                ? Architecture.ARM64
                : Architecture.AMD64;
    }

    private void architecture(@Nullable String iso, @Nullable Architecture built) {
        Architecture own = machineType();
        if (iso == null) {
            return;
        }
        if (built == null) {
            findings.add(Diagnosis.note(
                    "architecture", "the ISO's architecture is unknown; the machine's type is " + own.label(), null));
        } else if (built == own) {
            ok("architecture", "the ISO and the machine are both for %s".formatted(own.label()));
        } else {
            wrong(
                    "architecture",
                    "the ISO is for %s, but the machine's type is %s: it cannot boot from it"
                            .formatted(built.label(), own.label()),
                    "attach the ISO for %s: qm set %d --%s STORAGE:iso/NAME,media=cdrom"
                            .formatted(own.label(), machine.id(), iso));
        }
    }

    private void cloudInit() {
        for (var drive : drives.entrySet()) {
            if (isCloudInit(drive.getValue())) {
                ok("cloud-init", "a drive is attached on " + drive.getKey());
                return;
            }
        }
        wrong(
                "cloud-init",
                "no drive is attached, and the platform nocloud gets its configuration from one",
                "qm set %d --%s STORAGE:cloudinit".formatted(machine.id(), freeIde()));
    }

    private String freeIde() {
        for (String name : List.of("ide0", "ide1", "ide3", "ide2")) {
            if (!drives.containsKey(name)) {
                return name;
            }
        }
        return "scsi10";
    }

    /** The ISO has boot loaders for both on amd64, and none that is signed for secure boot. */
    private void firmware(@Nullable Architecture built) {
        String bios = machine.config().getOrDefault("bios", "seabios");
        String efidisk = machine.config().getOrDefault("efidisk0", "");
        if (!bios.equals("ovmf") && built == Architecture.ARM64) {
            wrong(
                    "firmware",
                    "BIOS (%s): the ISO for arm64 boots from UEFI only".formatted(bios),
                    "qm set %d --bios ovmf".formatted(machine.id()));
        } else if (!bios.equals("ovmf")) {
            ok("firmware", "BIOS (%s); the ISO boots from it".formatted(bios));
        } else if (efidisk.contains("pre-enrolled-keys=1")) {
            wrong(
                    "firmware",
                    "UEFI with secure boot: the ISO is not signed with the enrolled keys",
                    "replace the EFI disk with one without keys: qm set %1$d --delete efidisk0 && qm set %1$d --efidisk0 STORAGE:1,efitype=4m,pre-enrolled-keys=0"
                            .formatted(machine.id()));
        } else if (efidisk.isEmpty()) {
            findings.add(Diagnosis.note(
                    "firmware",
                    "UEFI; the ISO boots from it, but without an EFI disk the machine forgets its boot entries",
                    "qm set %d --efidisk0 STORAGE:1,efitype=4m,pre-enrolled-keys=0".formatted(machine.id())));
        } else {
            ok("firmware", "UEFI; the ISO boots from it");
        }
    }

    private void bootOrder(@Nullable String iso) {
        if (iso == null) {
            return;
        }
        BootOrder boot = BootOrder.of(machine.config());
        if (!boot.isUnderstood()) {
            findings.add(Diagnosis.note(
                    "boot order",
                    "cannot read the order \"%s\"; the ISO is on %s".formatted(boot.text(), iso),
                    "qm set %d --boot '%s'".formatted(machine.id(), boot.with(iso))));
        } else if (boot.isUsual()) {
            ok("boot order", "the default order, which includes the ISO");
        } else if (boot.has(iso)) {
            ok("boot order", "%s, which includes the ISO on %s".formatted(boot.shown(), iso));
        } else {
            wrong(
                    "boot order",
                    "%s leaves out %s, which holds the ISO: the machine never boots from it"
                            .formatted(boot.text(), iso),
                    "qm set %d --boot '%s'".formatted(machine.id(), boot.with(iso)));
        }
    }

    private void agent() {
        boolean enabled = Arrays.stream(
                        machine.config().getOrDefault("agent", "0").split(",", -1))
                .map(part -> part.strip().replaceFirst("^enabled=", ""))
                .anyMatch(YES::contains);
        if (enabled) {
            ok("guest agent", "enabled in the machine's options");
        } else {
            wrong(
                    "guest agent",
                    "disabled in the machine's options",
                    "qm set %d --agent 1, then stop and start the machine".formatted(machine.id()));
        }
        for (RecordedBuilds.Images images : builds.images()) {
            String subject = "guest agent, " + images.unit();
            if (images.hasGuestAgent()) {
                ok(subject, "the images built last contain its extension");
            } else {
                wrong(
                        subject,
                        "the images built last do not contain its extension",
                        "add ghcr.io/siderolabs/qemu-guest-agent to official_extensions, apply, then upgrade the node");
            }
        }
        if (builds.images().isEmpty()) {
            findings.add(Diagnosis.note(
                    "guest agent", "unknown whether the image contains its extension: no images are recorded", null));
        }
    }

    private void processor() {
        if (machineType() == Architecture.ARM64) {
            ok("processor", machine.config().getOrDefault("cpu", "the default of arm64"));
            return;
        }
        String cpu =
                machine.config().getOrDefault("cpu", "kvm64").split(",", -1)[0].replace("cputype=", "");
        if (OLD_PROCESSORS.contains(cpu)) {
            wrong(
                    "processor",
                    "its type %s lacks instructions of x86-64-v2, which Talos needs".formatted(cpu),
                    "qm set %d --cpu x86-64-v2-AES".formatted(machine.id()));
        } else {
            ok("processor", cpu);
        }
    }
}
