package dev.talosforge.talos.kernel;

import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * The command line of one artifact, and notes about the arguments it was made of.
 *
 * @param line without a newline
 * @param notes for the user, one sentence each
 */
public record KernelCommandLine(String line, List<String> notes) {
    private static final String PLATFORM = "talos.platform";

    public KernelCommandLine {
        notes = List.copyOf(notes);
    }

    /**
     * Which artifact the line is for.
     *
     * @param metaValues META values by key, 0 to 255
     */
    public record Target(
            OutputKind kind,
            Platform platform,
            Architecture architecture,
            TalosVersion version,
            SortedMap<Integer, String> metaValues) {
        public Target {
            metaValues = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(metaValues));
        }

        public Target(OutputKind kind, Platform platform, Architecture architecture, TalosVersion version) {
            this(kind, platform, architecture, version, new java.util.TreeMap<>());
        }
    }

    /**
     * The line that Talos' own imager makes, with two exceptions: a {@code talos.platform=} among the extra arguments
     * never overrides the artifact's own platform, because artifacts of several platforms share the same arguments; and
     * quotes are where GRUB can put them, around a whole argument with blanks, which is the same to the kernel.
     *
     * @param extra the user's arguments; {@code -key} and {@code -key=value} remove
     */
    public static KernelCommandLine of(Target target, List<String> extra) {
        List<String> notes = new ArrayList<>();
        List<String> kept = withoutOtherPlatform(target, extra, notes);
        TalosVersion version = target.version;
        KernelArguments arguments = KernelArguments.empty()
                .append(PLATFORM, target.platform.label())
                .setAll(target.platform.arguments(target.architecture, version));
        if (target.kind == OutputKind.ISO && Quirks.of(version).haltIfInstalled()) {
            arguments = arguments.set("talos.halt_if_installed", List.of("1"));
        }
        arguments = arguments.appendAll(defaults(version));
        if (!target.metaValues.isEmpty()) {
            arguments = arguments.append(
                    "talos.environment",
                    "INSTALLER_META_BASE64="
                            + MetaValues.encode(
                                    target.metaValues, Quirks.of(version).compressedMeta()));
        }
        String line =
                arguments.appendAll(kept, Set.of("console", PLATFORM), true).toString();
        return new KernelCommandLine(KernelLine.canonical(line), notes);
    }

    private static List<String> withoutOtherPlatform(Target target, List<String> extra, List<String> notes) {
        String own = PLATFORM + "=" + target.platform.label();
        List<String> kept = new ArrayList<>();
        for (String argument : extra) {
            boolean aboutPlatform = argument.equals(PLATFORM)
                    || argument.startsWith(PLATFORM + "=")
                    || argument.equals("-" + PLATFORM)
                    || argument.startsWith("-" + PLATFORM + "=");
            if (!aboutPlatform) {
                kept.add(argument);
            } else if (!argument.equals(own)) {
                notes.add("kernel argument %s is ignored: this artifact is built for platform %s"
                        .formatted(argument, target.platform.label()));
            }
        }
        return kept;
    }

    /** What Talos sets on every platform. */
    public static List<String> defaults(TalosVersion version) {
        boolean before114 = !version.atLeast(1, 14, 0);
        List<String> arguments = new ArrayList<>();
        if (before114) {
            arguments.add("init_on_alloc=1");
        }
        arguments.addAll(List.of("slab_nomerge=", "pti=on", "consoleblank=0"));
        if (before114) {
            arguments.add("nvme_core.io_timeout=4294967295");
        }
        arguments.add("printk.devkmsg=on");
        if (!version.atLeast(1, 11, 0)) {
            arguments.addAll(List.of("ima_template=ima-ng", "ima_appraise=fix", "ima_hash=sha512"));
        }
        if (version.atLeast(1, 10, 0)) {
            arguments.add("selinux=1");
        }
        if (version.atLeast(1, 12, 0)) {
            arguments.add("module.sig_enforce=1");
        }
        if (version.atLeast(1, 13, 0)) {
            arguments.add("proc_mem.force_override=never");
        }
        return arguments;
    }
}
