package dev.talosforge.format.fat;

import java.util.Locale;

/**
 * Options for creating a FAT file system.
 *
 * @param type FAT32 by default; UEFI firmware reads both
 * @param label of the volume: 1 to 11 of {@code A-Z 0-9}, space, {@code _ -}
 * @param serial of the volume, 32 bits unsigned; {@code mkfs.vfat --invariant} uses {@code 0x1234abcd}
 * @param minimumSize of the image in bytes; the image is larger if its content or its type requires it
 * @param alignment of every file's first byte, from the start of the image, in bytes: a power of two, 512 to 65536
 * @param clusterRule how to choose the cluster size
 * @param labelTime the volume's creation time, in seconds since the epoch; written to the label's entry
 */
public record FatOptions(
        FatType type,
        String label,
        long serial,
        long minimumSize,
        int alignment,
        ClusterRule clusterRule,
        long labelTime) {
    /** Sectors per cluster by the size of the image. */
    public enum ClusterRule {
        /**
         * As {@code mkfs.vfat} 4.2: FAT32 with 1 up to 260 MiB, then 8, 16, 32, 64; FAT16 from 4, doubled until it
         * fits.
         */
        MKFS_VFAT,
        /**
         * FAT32: the largest of 1, 2, 4, 8 that leaves 67573 clusters or more, as Talos from 1.14 on. FAT16: as mkfs.
         */
        FEWEST_CLUSTERS
    }

    /** The time that {@code mkfs.vfat --invariant} writes. */
    private static final long INVARIANT_TIME = 1426325213;

    public FatOptions {
        if (!label.matches("[A-Z0-9_-]([A-Z0-9 _-]{0,9}[A-Z0-9_-])?")) {
            throw new IllegalArgumentException("not a FAT volume label: \"%s\"".formatted(label));
        }
        if (serial >>> 32 != 0) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "a FAT serial has 32 bits: 0x%x", serial));
        }
        if (minimumSize < 0) {
            throw new IllegalArgumentException("negative size: " + minimumSize);
        }
        if (Integer.bitCount(alignment) != 1 || alignment < 512 || alignment > 65536) {
            throw new IllegalArgumentException("alignment must be a power of two from 512 to 65536: " + alignment);
        }
    }

    /** FAT32, label {@code EFI}, serial {@code 1234-ABCD}, files aligned to 2048 bytes: an ISO can point into it. */
    public static FatOptions efiSystemPartition() {
        return new FatOptions(FatType.FAT32, "EFI", 0x1234abcdL, 0, 2048, ClusterRule.MKFS_VFAT, INVARIANT_TIME);
    }

    /** The same with another minimum size, in bytes. */
    public FatOptions withMinimumSize(long bytes) {
        return new FatOptions(type, label, serial, bytes, alignment, clusterRule, labelTime);
    }

    /** The same with another type. */
    public FatOptions withType(FatType other) {
        return new FatOptions(other, label, serial, minimumSize, alignment, clusterRule, labelTime);
    }

    /** The same with another cluster rule. */
    public FatOptions withClusterRule(ClusterRule other) {
        return new FatOptions(type, label, serial, minimumSize, alignment, other, labelTime);
    }
}
