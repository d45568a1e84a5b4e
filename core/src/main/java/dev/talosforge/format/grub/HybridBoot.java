package dev.talosforge.format.grub;

import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.tree.FileTree;
import java.io.IOException;

/** GRUB's boot sector for an ISO written to a disk: {@code boot_hybrid.img} with the position of the core image. */
public final class HybridBoot {
    private static final int CORE_SECTOR = 0x1b0;

    private HybridBoot() {}

    /**
     * The sector, 512 bytes, with an empty partition table.
     *
     * @param directory with boot_hybrid.img in its root
     * @param coreBlockLba first block of the core image, of 2048 bytes
     */
    public static byte[] sector(FileTree directory, long coreBlockLba) throws IOException {
        return CoreImage.replace(
                new GrubDirectory(directory).exactly("boot_hybrid.img", CoreImage.DISK_SECTOR),
                CORE_SECTOR,
                FieldWriter.littleEndian("GRUB boot_hybrid.img", 8)
                        .u64("kernel_sector", coreBlockLba * (CoreImage.CD_SECTOR / CoreImage.DISK_SECTOR) + 4));
    }
}
