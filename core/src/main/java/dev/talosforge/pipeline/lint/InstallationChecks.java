package dev.talosforge.pipeline.lint;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.KernelArgumentsReader;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.image.Installation;
import dev.talosforge.talos.image.StartLines.Images;
import dev.talosforge.talos.image.StartLines.MachineInstall;
import dev.talosforge.talos.kernel.ArgumentChanges;
import dev.talosforge.talos.kernel.ArgumentChanges.Change;
import dev.talosforge.talos.kernel.KernelArgumentText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/** What a node started from the ISO loses when it is installed: one finding for each way of starting it. */
final class InstallationChecks {
    private final LintSubject subject;
    private final ImagesInputs images;
    private final List<Installation> installations;
    private final List<LintFinding> findings = new ArrayList<>();

    private InstallationChecks(LintSubject subject, ImagesInputs images) {
        this.subject = subject;
        this.images = images;
        this.installations = images.architectures().stream()
                .map(architecture -> Installation.of(new Images(
                        images.version(),
                        architecture,
                        images.isoPlatform(),
                        images.installerPlatform(),
                        images.kernelArgs())))
                .toList();
    }

    static List<LintFinding> of(LintSubject subject, ImagesInputs images) {
        List<String> judged = List.of(
                "talos_version",
                "architecture",
                "architectures",
                KernelArgumentsReader.NAME,
                ImagesInputs.ISO_PLATFORM,
                ImagesInputs.INSTALLER_PLATFORM);
        if (!judged.stream().allMatch(subject::isReal)) {
            return List.of();
        }
        InstallationChecks checks = new InstallationChecks(subject, images);
        checks.byBootImage();
        checks.byMachineConfiguration();
        return checks.findings;
    }

    /** UEFI starts the installer's boot image, with the line in it. */
    private void byBootImage() {
        boolean given = isGiven(ImagesInputs.INSTALLER_PLATFORM)
                && installations.stream().allMatch(one -> one.byUefi().onlyPlatform());
        if (given || installations.stream().allMatch(one -> one.byUefi().none())) {
            return;
        }
        String input = isGiven(ImagesInputs.ISO_PLATFORM) && !isGiven(ImagesInputs.INSTALLER_PLATFORM)
                ? ImagesInputs.ISO_PLATFORM
                : ImagesInputs.INSTALLER_PLATFORM;
        String bios = MachineInstall.knowsUkiCmdline(images.version())
                ? " (or a BIOS with machine.install.grubUseUKICmdline)"
                : "";
        findings.add(subject.finding(
                LintRule.INSTALLED_OTHERWISE,
                input,
                subject.place(isGiven(input) ? input : "installer_registry"),
                "a node started by UEFI%s changes when it is installed".formatted(bios),
                "the ISO boots for %s, the installed system for %s:\n"
                                .formatted(
                                        images.isoPlatform().label(),
                                        images.installerPlatform().label())
                        + String.join("\n", seen()),
                bootImageRemedy()));
    }

    private boolean isGiven(String input) {
        return subject.overridden().contains(input)
                || (subject.unit().inputs().get(input) instanceof Value.Text(String text) && !text.isEmpty());
    }

    private SequencedSet<String> seen() {
        SequencedSet<String> seen = new LinkedHashSet<>();
        for (Installation installation : installations) {
            ArgumentChanges changes = installation.byUefi();
            String label = images.label(installation.images().architecture());
            Change names = changes.cardNames();
            if (names != null) {
                boolean old = names.before().equals("0");
                seen.add("- network cards: %s (net.ifnames=0 is only in the %s)"
                        .formatted(
                                old ? "eth0 becomes enp0s2 or the like" : "enp0s2 or the like becomes eth0",
                                old ? "ISO" : "installer"));
            }
            Change consoles = changes.consoles();
            if (consoles != null) {
                seen.add("- consoles%s: %s in the ISO, %s when installed; the others stay silent"
                        .formatted(label, consoles.before(), consoles.after().isEmpty() ? "none" : consoles.after()));
            }
            if (changes.platform() != null) {
                seen.add("- configuration: " + configuration());
            }
            if (!changes.gone().isEmpty()) {
                seen.add("- arguments only in the ISO%s: %s".formatted(label, shown(changes.gone())));
            }
            if (!changes.added().isEmpty()) {
                seen.add("- arguments only when installed%s: %s".formatted(label, shown(changes.added())));
            }
        }
        return seen;
    }

    private String configuration() {
        if (images.isoPlatform() == Platform.NOCLOUD) {
            return "the cloud-init drive is no longer read";
        }
        return images.installerPlatform() == Platform.NOCLOUD
                ? "a cloud-init drive is read only when installed"
                : "it is read as on platform %s, no longer as on %s"
                        .formatted(
                                images.installerPlatform().label(),
                                images.isoPlatform().label());
    }

    private String bootImageRemedy() {
        SequencedSet<String> missing = new LinkedHashSet<>();
        installations.forEach(one -> missing.addAll(one.missingKernelArgs()));
        String same = "to keep everything: installer_platform = \"%s\""
                .formatted(images.isoPlatform().label());
        String own = "installer_platform = \"%s\""
                .formatted(images.installerPlatform().label());
        return missing.isEmpty()
                ? same + "\nif the change is intended, write: " + own
                : "%s\nto stay with %s: %s, and in kernel_args: %s"
                        .formatted(
                                same,
                                images.installerPlatform().label(),
                                own,
                                missing.stream()
                                        .map(argument -> "\"" + shown(List.of(argument)) + "\"")
                                        .collect(Collectors.joining(", ")));
    }

    /** A BIOS starts GRUB, whose command line comes from the machine configuration. */
    private void byMachineConfiguration() {
        for (Installation installation : installations) {
            ArgumentChanges changes = installation.byBios();
            if (changes != null && !changes.none() && installation.images().architecture() == Architecture.AMD64) {
                findings.add(subject.finding(
                        LintRule.KERNEL_ARGS_NOT_INSTALLED,
                        KernelArgumentsReader.NAME,
                        "a node started by a BIOS does not keep them when it is installed",
                        "GRUB's command line on the disk comes from the machine configuration, not from the installer%s:\n"
                                        .formatted(
                                                MachineInstall.knowsUkiCmdline(images.version())
                                                        ? ", unless the configuration requests it (talosctl gen config does since v1.12, older clusters do not)"
                                                        : "")
                                + lost(changes),
                        machineRemedy(installation)));
            }
        }
    }

    private static String lost(ArgumentChanges changes) {
        List<String> lines = new ArrayList<>();
        if (!changes.gone().isEmpty()) {
            lines.add("- removed: " + shown(changes.gone()));
        }
        if (!changes.added().isEmpty()) {
            lines.add("- restored: " + shown(changes.added()));
        }
        if (changes.consoles() != null) {
            lines.add("- consoles: %s in the ISO, %s when installed"
                    .formatted(changes.consoles().before(), changes.consoles().after()));
        }
        if (changes.cardNames() != null) {
            lines.add("- network cards get other names");
        }
        return String.join("\n", lines);
    }

    private static String machineRemedy(Installation installation) {
        List<String> broken = installation.lostInGrub();
        String besides = broken.isEmpty() ? "" : "\nGRUB still splits these, as Talos quotes them: " + shown(broken);
        return "add to the machine configuration:\n" + installation.machineInstallYaml() + besides;
    }

    private static String shown(List<String> arguments) {
        return KernelArgumentText.shown(String.join(" ", arguments));
    }
}
