package dev.talosforge.talos.image;

import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.kernel.HandedOver;
import dev.talosforge.talos.kernel.KernelArguments;
import dev.talosforge.talos.kernel.KernelCommandLine;
import dev.talosforge.talos.kernel.KernelLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's command line when a machine starts from the ISO, and when it starts from the disk that was installed
 * from it, each by BIOS and by UEFI.
 *
 * @param isoBios null if no BIOS starts it
 * @param installedBios null if there is no BIOS
 */
public record StartLines(
        @Nullable String isoBios, String isoUefi, @Nullable String installedBios, String installedUefi) {
    private static final String PLATFORM = "talos.platform";
    private static final String CONSOLE = "console";
    private static final String INSTALLED_KERNEL = "/A/vmlinuz";

    /** What an installation by BIOS copies from the running system: the first value of each. */
    private static final List<String> PRESERVED = List.of(
            "siderolink.api",
            "talos.events.sink",
            "talos.logging.kernel",
            "em.events_url",
            "talos.auditd.disabled",
            "talos.dashboard.disabled",
            "net.ifnames");

    /**
     * Images, and who installs from them.
     *
     * @param kernelArgs that installer and ISO share
     */
    public record Images(
            TalosVersion version,
            Architecture architecture,
            Platform isoPlatform,
            Platform installerPlatform,
            List<String> kernelArgs) {
        public Images {
            kernelArgs = List.copyOf(kernelArgs);
        }

        KernelCommandLine.Target target(OutputKind kind) {
            return new KernelCommandLine.Target(
                    kind, kind == OutputKind.ISO ? isoPlatform : installerPlatform, architecture, version);
        }

        /** Bytes of the longest line in any of their boot menus. */
        public int longest() {
            String iso = line(OutputKind.ISO) + UkiSections.wipe(OutputKind.ISO);
            String installer = line(OutputKind.INSTALLER) + UkiSections.wipe(OutputKind.INSTALLER);
            boolean hybrid = BootIso.isHybrid(version, architecture);
            int before = hybrid ? KernelLine.bytes(HandedOver.imageWord(GrubConfig.KERNEL)) + 1 : 0;
            int installed = architecture == Architecture.AMD64
                    ? KernelLine.bytes(HandedOver.imageWord(INSTALLED_KERNEL)) + 1
                    : 0;
            return Math.max(before + KernelLine.bytes(iso), installed + KernelLine.bytes(installer));
        }

        /** The line in the boot image of an artifact. */
        public String line(OutputKind kind) {
            return KernelCommandLine.of(target(kind), kernelArgs).line();
        }
    }

    /**
     * What {@code machine.install} of the machine configuration says about the command line; UEFI ignores it.
     *
     * @param grubUseUkiCmdline GRUB uses the line of the installer's boot image; since Talos 1.12
     */
    public record MachineInstall(List<String> extraKernelArgs, boolean grubUseUkiCmdline) {
        /** The defaults. */
        public static final MachineInstall SILENT = new MachineInstall(List.of(), false);

        public MachineInstall {
            extraKernelArgs = List.copyOf(extraKernelArgs);
        }

        /** Whether a version of Talos supports {@code grubUseUKICmdline}. */
        public static boolean knowsUkiCmdline(TalosVersion version) {
            return version.atLeast(1, 12, 0);
        }
    }

    /** The lines of a machine. */
    public static StartLines of(Images images, MachineInstall install) {
        String iso = images.line(OutputKind.ISO);
        String installer = images.line(OutputKind.INSTALLER);
        boolean hybrid = BootIso.isHybrid(images.version, images.architecture);
        boolean bios = images.architecture == Architecture.AMD64;
        String onDisk = install.grubUseUkiCmdline && MachineInstall.knowsUkiCmdline(images.version)
                ? installer
                : byMachined(images, iso, install.extraKernelArgs);
        return new StartLines(
                hybrid ? byGrub(GrubConfig.KERNEL, GrubConfig.quote(iso)) : null,
                HandedOver.byStub(iso),
                bios ? byGrub(INSTALLED_KERNEL, GrubConfig.quotedByTalos(onDisk)) : null,
                HandedOver.byStub(installer));
    }

    private static String byGrub(String kernel, String quoted) {
        List<String> words = new ArrayList<>();
        for (GrubScript.Command command : GrubScript.commands(quoted)) {
            if (command instanceof GrubScript.Command.Words(List<String> more)) {
                words.addAll(more);
            }
            break; // what follows the first command is not one of its words
        }
        return HandedOver.byGrub(kernel, words);
    }

    /**
     * What Talos' installer writes if it does not use the boot image's line: platform and some more of the running
     * system, Talos' defaults, and the machine configuration.
     *
     * <p>Source: {@code cmd/installer/pkg/install/install.go} and {@code internal/pkg/install/install.go} of Talos 1.10
     * to 1.14.
     */
    private static String byMachined(Images images, String running, List<String> extra) {
        KernelArguments now = KernelArguments.parse(running);
        List<String> config = now.values("talos.config");
        KernelArguments line = KernelArguments.empty()
                .append(PLATFORM, images.isoPlatform.label())
                .append("talos.config", config.isEmpty() ? "none" : config.getFirst())
                .setAll(images.isoPlatform.arguments(images.architecture, images.version))
                .appendAll(KernelCommandLine.defaults(images.version));
        List<String> more = new ArrayList<>(extra);
        for (String key : preserved(images.version)) {
            if (!now.values(key).isEmpty()) {
                more.add(key + "=" + now.values(key).getFirst());
            }
        }
        boolean serial =
                images.isoPlatform == Platform.METAL && now.values(CONSOLE).contains("ttyS0");
        if (serial && !more.contains("console=ttyS0")) {
            line = line.append(CONSOLE, "ttyS0");
        }
        return line.appendAll(more, Set.of(CONSOLE, PLATFORM), true).toString();
    }

    private static List<String> preserved(TalosVersion version) {
        List<String> keys = new ArrayList<>(PRESERVED);
        if (version.atLeast(1, 12, 0)) {
            keys.add("module.sig_enforce");
        }
        return keys;
    }
}
