package dev.talosforge.lab;

import java.nio.file.Path;

/** What a machine starts from. */
public sealed interface BootMedium {
    /** How it is told to a person: {@code talos.iso by UEFI}. */
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

    /** A unified kernel image, started by the firmware from an EFI system partition. */
    record Uki(Path file) implements BootMedium {
        @Override
        public String title() {
            return file.getFileName() + " by " + Firmware.UEFI;
        }
    }

    /** Kernel and initramfs, handed over by QEMU itself. */
    record Kernel(Path kernel, Path initramfs, String arguments) implements BootMedium {
        @Override
        public String title() {
            return kernel.getFileName() + " with " + initramfs.getFileName();
        }
    }

    /** What the machine's firmware is. */
    enum Firmware {
        BIOS,
        UEFI
    }
}
