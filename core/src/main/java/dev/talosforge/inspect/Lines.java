package dev.talosforge.inspect;

import dev.talosforge.inspect.Proofs.Finding;
import dev.talosforge.inspect.Report.CommandLine;
import dev.talosforge.talos.kernel.ArgumentChanges;
import dev.talosforge.talos.kernel.HandedOver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the command lines that kernels actually receive: from each firmware, and before and after an installation.
 */
final class Lines {
    private Lines() {}

    /** Proves that both menus of an ISO use the same command lines, entry by entry. */
    static void firmwares(Proofs proofs, Artifact iso) throws InterruptedException, IOException {
        IsoContents contents = iso.iso();
        List<GrubMenu.Item> grub = contents == null ? List.of() : contents.grub();
        List<CommandLine> uefi = iso.uki() == null ? List.of() : iso.uki().commandLines();
        boolean both = !grub.isEmpty() && !uefi.isEmpty();
        for (int i = 0; i < (both ? Math.max(grub.size(), uefi.size()) : 1); i++) {
            GrubMenu.Item bios = i < grub.size() ? grub.get(i) : null;
            CommandLine line = i < uefi.size() ? uefi.get(i) : null;
            String entry = i == 0 ? "" : " of " + (bios == null ? uefi.get(i).of() : "\"%s\"".formatted(bios.title()));
            proofs.prove(
                    "a BIOS starts the ISO with the same kernel command line%s as UEFI".formatted(entry),
                    () -> both ? same(bios, line) : Finding.skipped("the ISO boots in only one of the two ways"));
        }
    }

    private static Finding same(GrubMenu.@Nullable Item bios, @Nullable CommandLine uefi) {
        return bios == null || uefi == null
                ? Finding.failed("%s has no such entry".formatted(bios == null ? "GRUB" : "UEFI"))
                : Finding.same(
                        uefi.line(),
                        HandedOver.withoutImage(bios.commandLine()),
                        "UEFI starts with \"%s\", a BIOS with \"%s\"");
    }

    /** Shows both lines and what is only in one of them; they need not be equal. */
    static Finding installation(@Nullable Uki iso, @Nullable Uki installer) throws IOException {
        String first = iso == null ? null : iso.commandLine();
        String second = installer == null ? null : installer.commandLine();
        if (first == null || second == null) {
            return Finding.skipped(
                    "%s has no boot image for UEFI".formatted(first == null ? "the ISO" : "the installer"));
        }
        ArgumentChanges changes = ArgumentChanges.between(first, second);
        List<String> rows = new ArrayList<>();
        rows.add(
                changes.none()
                        ? "a node booted by UEFI sees no difference"
                        : "a node booted by UEFI sees a difference");
        rows.add("ISO        " + first);
        rows.add("installer  " + second);
        row(rows, "platform", changes.platform());
        row(rows, "consoles", changes.consoles());
        row(rows, "net.ifnames", changes.cardNames());
        if (!changes.gone().isEmpty()) {
            rows.add("only in the ISO: " + String.join(" ", changes.gone()));
        }
        if (!changes.added().isEmpty()) {
            rows.add("only in the installer: " + String.join(" ", changes.added()));
        }
        return Finding.ok(String.join("\n", rows));
    }

    private static void row(List<String> rows, String what, ArgumentChanges.@Nullable Change change) {
        if (change != null) {
            rows.add("%s: ISO %s, installer %s".formatted(what, word(change.before()), word(change.after())));
        }
    }

    private static String word(String value) {
        return value.isEmpty() ? "none" : value;
    }
}
