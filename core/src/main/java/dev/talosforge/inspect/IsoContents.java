package dev.talosforge.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.fat.FatReader;
import dev.talosforge.format.iso9660.BootImage;
import dev.talosforge.format.iso9660.IsoReader;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.inspect.Report.BootEntry;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an ISO: what a BIOS starts, and what UEFI starts from the EFI system partition that the boot catalog
 * names.
 *
 * @param partition files of the EFI system partition; empty if there is none
 * @param uki the first boot image in EFI/Linux; null if there is none
 */
record IsoContents(
        IsoReader.Volume volume,
        FileTree partition,
        @Nullable Uki uki,
        List<GrubMenu.Item> grub) {
    static final String KERNEL = "boot/vmlinuz";
    static final String INITRAMFS = "boot/initramfs.xz";

    private static final int UEFI = 0xef;
    private static final int BLOCK = 2048;
    private static final int MAX_CONFIG = 1 << 20;
    private static final String GRUB_CONFIG = "boot/grub/grub.cfg";

    static IsoContents read(ByteSource image) throws IOException {
        IsoReader.Volume volume = IsoReader.read(image);
        FileTree partition = partition(image, volume);
        Uki uki = uki(partition);
        ByteSource config = file(volume.tree(), GRUB_CONFIG);
        return new IsoContents(
                volume,
                partition,
                uki == null ? uki(volume.tree()) : uki,
                config == null ? List.of() : GrubMenu.parse(new String(config.readAll("grub.cfg", MAX_CONFIG), UTF_8)));
    }

    private static FileTree partition(ByteSource image, IsoReader.Volume volume) throws IOException {
        for (BootImage boot : volume.bootImages()) {
            long at = boot.block() * BLOCK;
            if (boot.platform() == UEFI) {
                if (at >= image.size()) {
                    throw new FormatException(
                            "El Torito boot catalog", at, "the UEFI image begins beyond the end of the medium");
                }
                return FatReader.read(image.slice(at, image.size() - at));
            }
        }
        return FileTree.empty();
    }

    /** The first one by name, as in a boot menu. */
    private static @Nullable Uki uki(FileTree tree) throws IOException {
        for (Entry entry : tree.below("EFI/Linux")) {
            if (entry instanceof Entry.RegularFile file
                    && file.path().toLowerCase(Locale.ROOT).endsWith(".efi")
                    && PeImage.isPe(file.content())) {
                PeImage image = PeImage.read(file.content());
                if (Uki.is(image)) {
                    return new Uki(image);
                }
            }
        }
        return null;
    }

    static @Nullable ByteSource file(FileTree tree, String path) {
        return tree.get(path) instanceof Entry.RegularFile file ? file.content() : null;
    }

    /** The program that UEFI starts first, or null. */
    @Nullable
    ByteSource bootLoader() {
        for (Entry entry : partition.below("EFI/BOOT")) {
            if (entry instanceof Entry.RegularFile file
                    && FileTree.nameOf(file.path()).toUpperCase(Locale.ROOT).startsWith("BOOT")) {
                return file.content();
            }
        }
        return null;
    }

    List<BootEntry> entries() throws IOException {
        List<BootEntry> entries = new ArrayList<>();
        for (BootImage boot : volume.bootImages()) {
            entries.add(new BootEntry(
                    boot.platform() == UEFI ? "UEFI" : "BIOS",
                    "El Torito",
                    boot.platform() == UEFI ? "EFI system partition" : "boot program",
                    "block %d".formatted(boot.block())));
        }
        for (GrubMenu.Item item : grub) {
            entries.add(new BootEntry("BIOS", "GRUB", item.title(), item.kernel() + " " + item.initramfs()));
        }
        for (Entry entry : partition.entries()) {
            if (entry instanceof Entry.RegularFile file
                    && file.path().toLowerCase(Locale.ROOT).startsWith("efi/boot/boot")) {
                entries.add(new BootEntry("UEFI", "firmware", "boot loader", file.path()));
            }
        }
        for (Entry entry : partition.below("EFI/Linux")) {
            if (entry instanceof Entry.RegularFile file && PeImage.isPe(file.content())) {
                Uki image = new Uki(PeImage.read(file.content()));
                entries.add(new BootEntry(
                        "UEFI", "systemd-boot", FileTree.nameOf(file.path()).replaceAll("\\.efi$", ""), file.path()));
                for (String title : image.profiles()) {
                    entries.add(new BootEntry("UEFI", "systemd-boot", title, file.path()));
                }
            }
        }
        return entries;
    }
}
