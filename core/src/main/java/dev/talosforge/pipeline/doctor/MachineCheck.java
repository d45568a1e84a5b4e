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

/** Why a virtual machine might not boot or not report what it should, told from its configuration. */
final class MachineCheck {
    private static final Pattern DRIVE = Pattern.compile("(?:ide|sata|scsi|virtio)[0-9]{1,2}");
    private static final Pattern ISO = Pattern.compile(":iso/|/template/iso/|^/.*\\.(?:iso|img)$");
    private static final List<String> OLD_PROCESSORS = List.of("kvm32", "kvm64", "qemu32", "qemu64");

    /** As Proxmox reads truth values. */
    private static final List<String> YES = List.of("1", "on", "yes", "true");

    private static final String START =
            "the change is made and waits: stop the machine and start it; a reboot from within does not do";

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
                        "change that waits",
                        value.isEmpty()
                                ? "%s goes away with the next start".formatted(key)
                                : "%s becomes %s with the next start".formatted(key, value),
                        "qm pending %d".formatted(machine.id()))));
    }

    private void ok(String subject, String said) {
        findings.add(Diagnosis.ok(subject, said));
    }

    private void wrong(String subject, String said, @Nullable String remedy) {
        findings.add(Diagnosis.wrong(subject, Kind.REFUSED, said, remedy));
    }

    private static boolean isCloudInit(String drive) {
        return drive.matches("[^,]*cloudinit[^,]*(,.*)?");
    }

    /** The drive with an image of ours; else with any. */
    private @Nullable String iso() {
        String found = null;
        for (var drive : drives.entrySet()) {
            String volume = Machine.volume(drive.getValue());
            if (volume != null && ISO.matcher(volume).find() && !isCloudInit(drive.getValue())) {
                if (found == null || builds.told(volume) != null) {
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
        String told = builds.told(volume);
        if (told == null) {
            findings.add(Diagnosis.noted(
                    "ISO",
                    "%s on %s is no upload that this tree recorded".formatted(volume, found),
                    Remedy.command(Verb.OUTPUT, "talos_image_id").then("   names the one of this tree")));
        } else if (builds.isCurrent(volume)) {
            ok("ISO", "%s on %s is %s".formatted(volume, found, told));
        } else {
            findings.add(Diagnosis.note("ISO", "%s on %s is %s".formatted(volume, found, told), null));
        }
        return found;
    }

    /** What the machine is; Proxmox itself runs on x86_64, and what is not said is that. */
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
                    "architecture",
                    "what the ISO is built for is not known; the machine is of type " + own.label(),
                    null));
        } else if (built == own) {
            ok("architecture", "the ISO is for %s, as is the machine".formatted(own.label()));
        } else {
            wrong(
                    "architecture",
                    "the ISO is for %s, the machine is of type %s: it never boots from it"
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
                "no drive is attached: the platform nocloud gets its configuration from it",
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
            ok("firmware", "BIOS (%s), from which the ISO boots".formatted(bios));
        } else if (efidisk.contains("pre-enrolled-keys=1")) {
            wrong(
                    "firmware",
                    "UEFI with secure boot: the ISO is not signed with the keys that are enrolled",
                    "a new EFI disk without them: qm set %1$d --delete efidisk0 && qm set %1$d --efidisk0 STORAGE:1,efitype=4m,pre-enrolled-keys=0"
                            .formatted(machine.id()));
        } else if (efidisk.isEmpty()) {
            findings.add(Diagnosis.note(
                    "firmware",
                    "UEFI, from which the ISO boots; without an EFI disk the machine forgets its boot entries",
                    "qm set %d --efidisk0 STORAGE:1,efitype=4m,pre-enrolled-keys=0".formatted(machine.id())));
        } else {
            ok("firmware", "UEFI, from which the ISO boots");
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
                    "\"%s\" is no order that is known here; the ISO is on %s".formatted(boot.text(), iso),
                    "qm set %d --boot '%s'".formatted(machine.id(), boot.with(iso))));
        } else if (boot.isUsual()) {
            ok("boot order", "the usual one, with the ISO in it");
        } else if (boot.has(iso)) {
            ok("boot order", "%s, with the ISO on %s in it".formatted(boot.shown(), iso));
        } else {
            wrong(
                    "boot order",
                    "%s leaves out %s, where the ISO is: the machine never boots from it".formatted(boot.text(), iso),
                    "qm set %d --boot '%s'".formatted(machine.id(), boot.with(iso)));
        }
    }

    private void agent() {
        boolean enabled = Arrays.stream(
                        machine.config().getOrDefault("agent", "0").split(",", -1))
                .map(part -> part.strip().replaceFirst("^enabled=", ""))
                .anyMatch(YES::contains);
        if (enabled) {
            ok("guest agent", "it is switched on in the machine's options");
        } else {
            wrong(
                    "guest agent",
                    "it is switched off in the machine's options",
                    "qm set %d --agent 1, then stop and start the machine".formatted(machine.id()));
        }
        for (RecordedBuilds.Images images : builds.images()) {
            String subject = "guest agent, " + images.unit();
            if (images.hasGuestAgent()) {
                ok(subject, "its extension is in the images that were built last");
            } else {
                wrong(
                        subject,
                        "its extension is not in the images that were built last",
                        "add ghcr.io/siderolabs/qemu-guest-agent to official_extensions, apply, then upgrade the node");
            }
        }
        if (builds.images().isEmpty()) {
            findings.add(Diagnosis.note(
                    "guest agent", "whether the image has its extension is not known: no images are recorded", null));
        }
    }

    private void processor() {
        if (machineType() == Architecture.ARM64) {
            ok("processor", machine.config().getOrDefault("cpu", "the usual one of arm64"));
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
