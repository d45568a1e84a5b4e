package dev.talosforge.talos.image;

import dev.talosforge.talos.TalosVersion;
import java.util.Locale;

/** The small text files of an image. */
public final class BootFiles {
    private static final int MAX_VOLUME_ID = 32;

    private BootFiles() {}

    /** {@code os-release} of Talos, as the boot loader shows it. */
    public static String osRelease(TalosVersion version) {
        return osRelease("Talos", version.text());
    }

    static String osRelease(String name, String version) {
        return """
                NAME="%s"
                ID=%s
                VERSION_ID=%s
                PRETTY_NAME="%s (%s)"
                HOME_URL="https://www.talos.dev/"
                BUG_REPORT_URL="https://github.com/siderolabs/talos/issues"
                VENDOR_NAME="Sidero Labs"
                VENDOR_URL="https://www.siderolabs.com/"
                """.formatted(name, name.toLowerCase(Locale.ROOT).replace(' ', '_'), version, name, version);
    }

    /** {@code loader/loader.conf} of an ISO, for systemd-boot; without Secure Boot. */
    public static String loaderConf() {
        return """
                # systemd-boot configuration

                timeout 10

                secure-boot-enroll off
                """;
    }

    /**
     * Name of the unified kernel image in EFI/Linux. A plus of a build version becomes an underscore: systemd-boot
     * takes {@code +1} before the suffix for a boot counter, and tries to rename the file.
     */
    public static String ukiName(TalosVersion version) {
        return "Talos-" + version.text().replace('+', '_') + ".efi";
    }

    /** The ISO's label as a volume set has it: {@code Talos-v1.11.5}. */
    public static String volumeLabel(TalosVersion version) {
        return "Talos-" + version.text();
    }

    /** A label as an ISO 9660 volume identifier: upper case, digits and underscores, at most 32. */
    public static String volumeId(String label) {
        StringBuilder id = new StringBuilder();
        String upper = label.toUpperCase(Locale.ROOT);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            if (c == '-' || c == '.' || c == '_') {
                id.append('_');
            } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
                id.append(c);
            }
        }
        id.setLength(Math.min(id.length(), MAX_VOLUME_ID));
        return id.toString();
    }
}
