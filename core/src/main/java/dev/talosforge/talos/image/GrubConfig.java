package dev.talosforge.talos.image;

import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.kernel.KernelLine;

/** {@code boot/grub/grub.cfg} of an ISO, for machines that boot by BIOS. */
public final class GrubConfig {
    /** Where the kernel is on the ISO: GRUB adds it to the command line. */
    public static final String KERNEL = "/boot/vmlinuz";

    private static final String HEAD = """
            set default=0
            set timeout=3

            insmod all_video

            terminal_input console
            terminal_output console

            """;

    private GrubConfig() {}

    /** The file for a kernel command line. */
    public static String of(String commandLine, TalosVersion version) {
        String quoted = quote(commandLine);
        String config = HEAD + entry("Talos ISO", quoted);
        return Quirks.of(version).grubResetEntry()
                ? config + "\n" + entry("Reset Talos installation", quoted + UkiSections.wipe(OutputKind.ISO))
                : config;
    }

    /** As Talos quotes the line for an installed system: character by character, whatever the shell makes of it. */
    static String quotedByTalos(String commandLine) {
        return commandLine.replaceAll("[\\\\{}&$|;<>\"]", "\\\\$0");
    }

    /**
     * As Talos quotes it, except for words with blanks and those that the shell would interpret: GRUB also takes a word
     * in double quotes as one word, and adds the quotes again.
     */
    static String quote(String commandLine) {
        return String.join(
                " ",
                KernelLine.of(commandLine).words().stream()
                        .map(word -> {
                            String bare = KernelLine.bare(word);
                            return GrubScript.quote(bare == null ? word : bare);
                        })
                        .toList());
    }

    private static String entry(String title, String commandLine) {
        return """
                menuentry "%s" {
                \tset gfxmode=auto
                \tset gfxpayload=text
                \tlinux %s %s
                \tinitrd /boot/initramfs.xz
                }
                """.formatted(title, KERNEL, commandLine);
    }
}
