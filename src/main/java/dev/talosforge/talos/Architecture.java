package dev.talosforge.talos;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The machines that Talos runs on, by the names that images use. */
public enum Architecture {
    AMD64("BOOTX64.EFI", 0x8664),
    ARM64("BOOTAA64.EFI", 0xaa64);

    private final String bootFile;
    private final int peMachine;

    Architecture(String bootFile, int peMachine) {
        this.bootFile = bootFile;
        this.peMachine = peMachine;
    }

    /** By its {@link #label}, or null. */
    public static @Nullable Architecture of(String label) {
        for (Architecture architecture : values()) {
            if (architecture.label().equals(label)) {
                return architecture;
            }
        }
        return null;
    }

    /** As in image references and file names: {@code amd64}, {@code arm64}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What UEFI firmware starts from removable media, in EFI/BOOT. */
    public String bootFile() {
        return bootFile;
    }

    /** IMAGE_FILE_MACHINE_* of its UEFI programs. */
    public int peMachine() {
        return peMachine;
    }
}
