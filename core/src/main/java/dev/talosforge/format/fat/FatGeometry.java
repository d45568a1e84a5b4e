package dev.talosforge.format.fat;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.fat.FatOptions.ClusterRule;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The areas of a volume.
 *
 * <pre>
 *   reserved sectors     boot sector, FSInfo, backup
 *   table, table         one entry per cluster, twice
 *   root directory       FAT16 only
 *   clusters             number 2 and up
 * </pre>
 *
 * <p>Specification: Microsoft, FAT: General Overview of On-Disk Format, 1.03.
 *
 * @param reservedSectors before the first table, in sectors of 512 bytes, as for the sizes below
 * @param rootEntries entries of 32 bytes in FAT16's root directory; 0 for FAT32
 */
record FatGeometry(
        FatType type,
        int sectorsPerCluster,
        int reservedSectors,
        long tableSectors,
        int rootEntries,
        long totalSectors) {
    static final int SECTOR = 512;
    static final int TABLES = 2;
    static final int FIRST_CLUSTER = 2;

    static final long FAT32_LEAST_CLUSTERS = 65525;
    static final long FAT16_MOST_CLUSTERS = 65524;
    static final long FAT16_LEAST_CLUSTERS = 4087;
    static final long FAT32_MOST_CLUSTERS = 0x0FFFFFF5L;

    /** 65525 plus 2048 to spare, as Talos requires. */
    private static final long COMFORTABLE_CLUSTERS = 65525 + 2048;

    private static final int MIB_SECTORS = (1 << 20) / SECTOR;
    private static final long MOST_SECTORS = 0xFFFFFFFFL / MIB_SECTORS * MIB_SECTORS;

    /**
     * The geometry with the smallest clusters that the rule allows.
     *
     * @param needed clusters that the content takes, by sectors per cluster
     */
    static FatGeometry choose(FatOptions options, int rootEntries, IntToLongFunction needed) throws LimitException {
        for (int perCluster : candidates(options)) {
            FatGeometry geometry = of(options, perCluster, rootEntries, needed.applyAsLong(perCluster));
            if (geometry.totalSectors <= MOST_SECTORS && geometry.allowedBy(options.clusterRule())) {
                return geometry;
            }
        }
        throw new LimitException("FAT", options.label(), "the content does not fit in a " + options.type() + " volume");
    }

    private static List<Integer> candidates(FatOptions options) {
        return switch (options.type()) {
            case FAT16 -> List.of(4, 8, 16, 32, 64);
            case FAT32 ->
                switch (options.clusterRule()) {
                    case MKFS_VFAT -> List.of(1, 8, 16, 32, 64);
                    case FEWEST_CLUSTERS -> List.of(1, 2, 4, 8);
                };
        };
    }

    private static FatGeometry of(FatOptions options, int perCluster, int rootEntries, long needed) {
        long wanted = Math.max(
                needed,
                switch (options.type()) {
                    case FAT16 -> FAT16_LEAST_CLUSTERS;
                    case FAT32 -> FAT32_LEAST_CLUSTERS;
                });
        int alignment = Math.max(options.alignment() / SECTOR, perCluster);
        long total = roundUp(Math.max(roundUp(options.minimumSize(), SECTOR) / SECTOR, MIB_SECTORS), MIB_SECTORS);
        long table = 1;
        while (true) {
            FatGeometry geometry = new FatGeometry(
                    options.type(),
                    perCluster,
                    reserved(options.type(), table, rootEntries, alignment),
                    table,
                    rootEntries,
                    total);
            if (geometry.clusters() < wanted) {
                long missing = (wanted - geometry.clusters()) * perCluster;
                total += roundUp(missing, MIB_SECTORS);
            } else if (geometry.leastTableSectors() > table) {
                table = geometry.leastTableSectors();
            } else {
                return geometry;
            }
        }
    }

    /** At least 32 or 1, as mkfs does, and enough to align the first cluster. */
    private static int reserved(FatType type, long table, int rootEntries, int alignment) {
        int least = switch (type) {
            case FAT16 -> 1;
            case FAT32 -> 32;
        };
        long overhead = TABLES * table + rootEntries * 32L / SECTOR;
        return Math.toIntExact(roundUp(least + overhead, alignment) - overhead);
    }

    private boolean allowedBy(ClusterRule rule) {
        return switch (type) {
            case FAT16 -> clusters() <= FAT16_MOST_CLUSTERS;
            case FAT32 -> clusters() <= FAT32_MOST_CLUSTERS && sectorsPerCluster >= usual(rule, totalSectors);
        };
    }

    private static int usual(ClusterRule rule, long sectors) {
        return switch (rule) {
            case MKFS_VFAT -> {
                long mib = sectors / MIB_SECTORS;
                yield mib <= 260 ? 1 : mib <= 8192 ? 8 : mib <= 16384 ? 16 : mib <= 32768 ? 32 : 64;
            }
            case FEWEST_CLUSTERS -> {
                int largest = 8;
                while (largest > 1 && sectors / largest < COMFORTABLE_CLUSTERS) {
                    largest /= 2;
                }
                yield largest;
            }
        };
    }

    static long roundUp(long value, long unit) {
        return Math.addExact(value, unit - 1) / unit * unit;
    }

    /** In sectors from the start of the image. */
    long rootSector() {
        return reservedSectors + TABLES * tableSectors;
    }

    long firstDataSector() {
        return rootSector() + (rootEntries * 32L + SECTOR - 1) / SECTOR;
    }

    /** The number of clusters; the last cluster's number is one more. */
    long clusters() {
        return Math.max(0, (totalSectors - firstDataSector()) / sectorsPerCluster);
    }

    int clusterBytes() {
        return sectorsPerCluster * SECTOR;
    }

    /** In bytes from the start of the image. */
    long offsetOf(long cluster) {
        return firstDataSector() * SECTOR + (cluster - FIRST_CLUSTER) * clusterBytes();
    }

    int entryBytes() {
        return switch (type) {
            case FAT16 -> 2;
            case FAT32 -> 4;
        };
    }

    private long leastTableSectors() {
        return roundUp((clusters() + FIRST_CLUSTER) * entryBytes(), SECTOR) / SECTOR;
    }
}
