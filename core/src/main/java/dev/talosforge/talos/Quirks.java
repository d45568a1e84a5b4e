package dev.talosforge.talos;

import java.util.ArrayList;
import java.util.List;

/**
 * What differs between versions of Talos, as far as images are concerned.
 *
 * @param grubResetEntry the ISO's menu has an entry that wipes the system disk
 * @param compressedMeta META values in the kernel arguments may be compressed
 * @param zstd squashfs and the appended initramfs are zstd; before: xz
 * @param volumeLabel the ISO has its own volume label
 * @param haltIfInstalled an ISO sets {@code talos.halt_if_installed=1}
 * @param usrMerge firmware and kernel modules are below /usr/lib; before: /lib
 * @param ukiProfiles a unified kernel image has further boot profiles, and installers contain such an image
 * @param labels imager keeps the SELinux labels of an extension's files: 1.12 sets them where it unpacks and fails
 *     where it may not, 1.13 passes them to mksquashfs; before, it drops them
 * @param randomSeed an ISO has a read-only random seed: without one systemd-boot 261, which comes with 1.14, writes
 *     one to the medium, and some firmware halts the machine then
 * @param fewestClusters an ISO's EFI partition has as few clusters as FAT32 allows: firmware that follows a boot
 *     image's chain on a slow medium takes long with many
 * @param allowedPrefixes where an extension may have files; compared as plain text
 */
public record Quirks(
        boolean grubResetEntry,
        boolean compressedMeta,
        boolean zstd,
        boolean volumeLabel,
        boolean haltIfInstalled,
        boolean usrMerge,
        boolean ukiProfiles,
        boolean labels,
        boolean randomSeed,
        boolean fewestClusters,
        List<String> allowedPrefixes) {
    public Quirks {
        allowedPrefixes = List.copyOf(allowedPrefixes);
    }

    public static Quirks of(TalosVersion version) {
        boolean from18 = version.atLeast(1, 8, 0);
        boolean from110 = version.atLeast(1, 10, 0);
        boolean from114 = version.atLeast(1, 14, 0);
        return new Quirks(
                version.atLeast(1, 4, 0),
                version.atLeast(1, 6, 3),
                from18,
                from18,
                from18,
                from110,
                from110,
                version.atLeast(1, 12, 0),
                from114,
                from114,
                prefixes(version));
    }

    /** Firmware below the root, without a leading slash. */
    public String firmwareDirectory() {
        return usrMerge ? "usr/lib/firmware" : "lib/firmware";
    }

    /** Kernel modules below the root, without a leading slash. */
    public String modulesDirectory() {
        return usrMerge ? "usr/lib/modules" : "lib/modules";
    }

    private static List<String> prefixes(TalosVersion version) {
        List<String> all = new ArrayList<>(List.of("/etc/cri/conf.d", "/usr/local"));
        if (version.atLeast(1, 10, 0)) {
            all.addAll(List.of(
                    "/usr/lib/firmware", "/usr/lib/modules", "/usr/lib/ld-linux-x86-64.so.2", "/usr/bin/ldconfig"));
        } else {
            all.addAll(List.of("/lib/firmware", "/lib/modules", "/lib64/ld-linux-x86-64.so.2"));
            if (version.atLeast(1, 9, 0)) {
                all.add("/sbin/ldconfig");
            }
        }
        all.add(version.atLeast(1, 9, 0) ? "/usr/lib/udev/rules.d" : "/usr/etc/udev/rules.d");
        all.addAll(List.of("/usr/share/glvnd", "/usr/share/egl", "/etc/vulkan"));
        if (version.atLeast(1, 12, 0)) {
            all.add("/usr/lib/ld-linux-aarch64.so.1");
        }
        if (version.atLeast(1, 13, 0)) {
            all.addAll(List.of(
                    "/etc/ld.so.conf",
                    "/etc/ld.so.cache",
                    "/usr/bin/nvidia-modprobe",
                    "/usr/bin/nvidia-pcc",
                    "/usr/bin/nvidia-smi",
                    "/usr/bin/nvidia-ctk",
                    "/usr/bin/nvidia-cdi-hook",
                    "/usr/bin/nvme"));
        }
        return all;
    }
}
