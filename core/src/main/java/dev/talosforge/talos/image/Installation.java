package dev.talosforge.talos.image;

import dev.talosforge.talos.image.StartLines.Images;
import dev.talosforge.talos.image.StartLines.MachineInstall;
import dev.talosforge.talos.kernel.ArgumentChanges;
import dev.talosforge.talos.kernel.KernelArgument;
import dev.talosforge.talos.kernel.KernelLine;
import dev.talosforge.yaml.GoScalar;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * What an installation from an ISO changes in how nodes are started, and what to write where so that nothing changes.
 *
 * @param images what is installed, and from what
 * @param byUefi changes of a node that UEFI starts; since Talos 1.12 also if GRUB uses the boot image's line
 * @param byBios changes of a node that a BIOS starts, if its machine configuration does not mention it; null if
 *     there is no BIOS
 */
public record Installation(
        Images images, ArgumentChanges byUefi, @Nullable ArgumentChanges byBios) {
    public static Installation of(Images images) {
        StartLines lines = StartLines.of(images, MachineInstall.SILENT);
        return new Installation(
                images,
                ArgumentChanges.between(lines.isoUefi(), lines.installedUefi()),
                lines.isoBios() == null || lines.installedBios() == null
                        ? null
                        : ArgumentChanges.between(lines.isoBios(), lines.installedBios()));
    }

    /** The kernel arguments that both images need so that everything except the platform stays as on the ISO. */
    public List<String> missingKernelArgs() {
        SequencedSet<String> missing = new LinkedHashSet<>();
        if (byUefi.cardNames() != null) {
            missing.add("net.ifnames=0");
        }
        if (byUefi.consoles() != null) {
            List<String> kept = split(byUefi.consoles().after());
            kept.forEach(console -> missing.add("console=" + console));
            split(byUefi.consoles().before()).stream()
                    .filter(console -> ArgumentChanges.isMissing(console, kept))
                    .forEach(console -> missing.add("console=" + console));
        }
        missing.addAll(byUefi.gone());
        missing.addAll(byUefi.added());
        return List.copyOf(missing);
    }

    private static List<String> split(String values) {
        return KernelLine.of(values).words();
    }

    /** What the machine configuration needs so that a node that a BIOS starts keeps the kernel arguments. */
    public MachineInstall machineInstall() {
        return MachineInstall.knowsUkiCmdline(images.version())
                ? new MachineInstall(List.of(), true)
                : new MachineInstall(extraKernelArgs(), false);
    }

    /** Those that an artifact accepts, without the platform, in the form that GRUB most likely passes on. */
    private List<String> extraKernelArgs() {
        return images.kernelArgs().stream()
                .filter(argument -> !argument.isEmpty())
                .filter(argument -> !KernelArgument.of(0, argument).key().equals("talos.platform"))
                .map(argument -> argument.startsWith("-") ? argument : KernelLine.canonical(argument))
                .toList();
    }

    /** {@link #machineInstall} as lines of a machine configuration, without passwords in URLs. */
    public String machineInstallYaml() {
        MachineInstall install = machineInstall();
        StringBuilder yaml = new StringBuilder("machine:\n  install:\n");
        if (install.grubUseUkiCmdline()) {
            return yaml.append("    grubUseUKICmdline: true").toString();
        }
        yaml.append("    extraKernelArgs:");
        install.extraKernelArgs()
                .forEach(argument -> yaml.append("\n      - ").append(GoScalar.of(KernelArgument.shown(argument), 8)));
        return yaml.toString();
    }

    /** What a BIOS does not pass on even then: Talos' own GRUB file splits an argument with blanks. */
    public List<String> lostInGrub() {
        StartLines lines = StartLines.of(images, machineInstall());
        String wanted = machineInstall().grubUseUkiCmdline() ? lines.installedUefi() : lines.isoBios();
        return wanted == null || lines.installedBios() == null
                ? new ArrayList<>()
                : ArgumentChanges.between(wanted, lines.installedBios()).gone();
    }
}
