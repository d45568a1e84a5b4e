package dev.talosforge.talos;

/** {@code boot/grub/grub.cfg} of an ISO, for machines that start by BIOS. */
public final class GrubConfig {
    /** These mean something to GRUB's shell, and nothing behind a backslash. */
    private static final String SPECIAL = "\\{}&$|;<>\"";

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
                ? config + "\n" + entry("Reset Talos installation", quoted + " talos.experimental.wipe=system")
                : config;
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (SPECIAL.indexOf(c) >= 0) {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.toString();
    }

    private static String entry(String title, String commandLine) {
        return """
                menuentry "%s" {
                \tset gfxmode=auto
                \tset gfxpayload=text
                \tlinux /boot/vmlinuz %s
                \tinitrd /boot/initramfs.xz
                }
                """.formatted(title, commandLine);
    }
}
