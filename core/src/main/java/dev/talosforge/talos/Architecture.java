package dev.talosforge.talos;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The machines that Talos runs on, by the names that images use. */
public enum Architecture {
    AMD64("BOOTX64.EFI", 0x8664, 62, "x86_64-linux-gnu"),
    ARM64("BOOTAA64.EFI", 0xaa64, 183, "aarch64-linux-gnu");

    private final String bootFile;
    private final int peMachine;
    private final int elfMachine;
    private final String triplet;

    Architecture(String bootFile, int peMachine, int elfMachine, String triplet) {
        this.bootFile = bootFile;
        this.peMachine = peMachine;
        this.elfMachine = elfMachine;
        this.triplet = triplet;
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

    /** By what the Java runtime or others call the machine; null for unknown names. */
    public static @Nullable Architecture ofMachine(String name) {
        return switch (name) {
            case "amd64", "x86_64", "x86-64", "x64" -> AMD64;
            case "arm64", "aarch64" -> ARM64;
            default -> null;
        };
    }

    /** The name that compilers for GNU systems use, and Debian for its library folders. */
    public String triplet() {
        return triplet;
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

    /** EM_* of its programs. */
    public int elfMachine() {
        return elfMachine;
    }
}
