package dev.talosforge.inspect;

import java.util.Locale;

/** The kind of an inspected file or image. */
public enum Kind {
    INSTALLER("installer image"),
    IMAGER("imager image"),
    EXTENSION("extension image"),
    IMAGE("container image"),
    ISO("boot ISO"),
    UKI("unified kernel image"),
    EFI_PROGRAM("UEFI program"),
    KERNEL("Linux kernel"),
    INITRAMFS("initramfs"),
    SQUASHFS("SquashFS image");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    /** For people. */
    public String words() {
        return words;
    }

    /** For programs: {@code efi_program}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
