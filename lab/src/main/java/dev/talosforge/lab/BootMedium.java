package dev.talosforge.lab;

import java.nio.file.Path;

/** What a machine starts from. */
public sealed interface BootMedium {
    /** As shown to people: {@code talos.iso by UEFI}. */
    String title();

    /** A hybrid ISO in the CD drive. */
    record Iso(Path file, Firmware firmware) implements BootMedium {
        @Override
        public String title() {
            return file.getFileName() + " by " + firmware;
        }
    }

    /** The same bytes written to a USB stick or disk. */
    record Disk(Path file, Firmware firmware) implements BootMedium {
        @Override
        public String title() {
            return file.getFileName() + " as a disk by " + firmware;
        }
    }

    /** A unified kernel image that the firmware starts from an EFI system partition. */
    record Uki(Path file) implements BootMedium {
        @Override
        public String title() {
            return file.getFileName() + " by " + Firmware.UEFI;
        }
    }

    /** Kernel and initramfs, passed by QEMU itself. */
    record Kernel(Path kernel, Path initramfs, String arguments) implements BootMedium {
        @Override
        public String title() {
            return kernel.getFileName() + " with " + initramfs.getFileName();
        }
    }

    /** The machine's firmware. */
    enum Firmware {
        BIOS,
        UEFI
    }
}
