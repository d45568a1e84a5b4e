package dev.talosforge.format.fat;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first sector: sizes and positions of everything else.
 *
 * <p>Specification: Microsoft FAT 1.03, "Boot Sector and BPB"; little-endian. Field names are that document's. The
 * tables in {@code docs/formats/fat.md} are tested against {@link #encode}.
 *
 * @param serial of the volume, 32 bits unsigned
 * @param label of the volume, without trailing spaces
 */
record BootSector(FatGeometry geometry, long serial, String label) {
    static final String NAME = "FAT boot sector";
    static final int INFO_SECTOR = 1;
    static final int BACKUP_SECTOR = 6;
    static final int ROOT_CLUSTER = 2;
    private static final int SIGNATURE = 0xAA55;
    private static final int FIXED_DISK = 0xF8;
    private static final int FIRST_DRIVE = 0x80;
    private static final int EXTENDED = 0x29;

    /** INT 18h: tells the BIOS that there is nothing to boot here. */
    private static final byte[] NOT_BOOTABLE = {(byte) 0xCD, 0x18};

    FieldWriter encode() {
        FieldWriter out = FieldWriter.littleEndian(NAME, FatGeometry.SECTOR);
        boolean wide = geometry.type() == FatType.FAT32;
        boolean small = !wide && geometry.totalSectors() <= 0xFFFF;
        out.bytes("BS_jmpBoot", new byte[] {(byte) 0xEB, (byte) (wide ? 0x58 : 0x3C), (byte) 0x90})
                .text("BS_OEMName", "TALFORGE", 8, ' ')
                .u16("BPB_BytsPerSec", FatGeometry.SECTOR)
                .u8("BPB_SecPerClus", geometry.sectorsPerCluster())
                .u16("BPB_RsvdSecCnt", geometry.reservedSectors())
                .u8("BPB_NumFATs", FatGeometry.TABLES)
                .u16("BPB_RootEntCnt", geometry.rootEntries())
                .u16("BPB_TotSec16", small ? (int) geometry.totalSectors() : 0)
                .u8("BPB_Media", FIXED_DISK)
                .u16("BPB_FATSz16", wide ? 0 : (int) geometry.tableSectors())
                .u16("BPB_SecPerTrk", sectorsPerTrack())
                .u16("BPB_NumHeads", heads())
                .u32("BPB_HiddSec", 0)
                .u32("BPB_TotSec32", small ? 0 : geometry.totalSectors());
        if (wide) {
            out.u32("BPB_FATSz32", geometry.tableSectors())
                    .u16("BPB_ExtFlags", 0)
                    .u16("BPB_FSVer", 0)
                    .u32("BPB_RootClus", ROOT_CLUSTER)
                    .u16("BPB_FSInfo", INFO_SECTOR)
                    .u16("BPB_BkBootSec", BACKUP_SECTOR)
                    .zeros("BPB_Reserved", 12);
        }
        return out.u8("BS_DrvNum", FIRST_DRIVE)
                .u8("BS_Reserved1", 0)
                .u8("BS_BootSig", EXTENDED)
                .u32("BS_VolID", serial)
                .text("BS_VolLab", label, 11, ' ')
                .text("BS_FilSysType", wide ? "FAT32" : "FAT16", 8, ' ')
                .bytes("BS_BootCode", Arrays.copyOf(NOT_BOOTABLE, wide ? 420 : 448))
                .u16("Signature_word", SIGNATURE);
    }

    /** The geometry for CHS addresses, which UEFI ignores. Filled in as by mkfs.vfat. */
    private int sectorsPerTrack() {
        return mebibytes() <= 256 ? 32 : 63;
    }

    private int heads() {
        long mib = mebibytes();
        if (mib <= 256) {
            return mib <= 16 ? 2 : mib <= 32 ? 4 : mib <= 128 ? 8 : 16;
        }
        return mib <= 504 ? 16 : mib <= 1008 ? 32 : mib <= 2016 ? 64 : mib <= 4032 ? 128 : 255;
    }

    private long mebibytes() {
        return (geometry.totalSectors() * FatGeometry.SECTOR) >> 20;
    }

    /** What the reader needs from any boot sector. */
    record Parsed(
            FatType type,
            int sectorBytes,
            int sectorsPerCluster,
            long tableOffset,
            long tableBytes,
            long rootOffset,
            int rootEntries,
            long rootCluster,
            long dataOffset,
            long clusters,
            long serial,
            String label) {
        int clusterBytes() {
            return sectorBytes * sectorsPerCluster;
        }
    }

    /**
     * Reads and checks.
     *
     * @param available size of the image in bytes; the volume must fit in it
     */
    static Parsed read(byte[] sector, long available) throws FormatException {
        FieldReader in = FieldReader.littleEndian(NAME, sector, 0);
        in.bytes("BS_jmpBoot", 3);
        in.bytes("BS_OEMName", 8);
        int sectorBytes = in.u16("BPB_BytsPerSec");
        check(powerOfTwo(sectorBytes, 512, 4096), 11, "BPB_BytsPerSec is " + sectorBytes);
        int perCluster = in.u8("BPB_SecPerClus");
        check(powerOfTwo(perCluster, 1, 128), 13, "BPB_SecPerClus is " + perCluster);
        int reserved = in.u16("BPB_RsvdSecCnt");
        check(reserved > 0, 14, "BPB_RsvdSecCnt is 0");
        int tables = in.u8("BPB_NumFATs");
        check(tables == 1 || tables == 2, 16, "BPB_NumFATs is " + tables);
        int rootEntries = in.u16("BPB_RootEntCnt");
        int total16 = in.u16("BPB_TotSec16");
        in.u8("BPB_Media");
        int table16 = in.u16("BPB_FATSz16");
        in.bytes("geometry", 8);
        long total32 = in.u32("BPB_TotSec32");
        long total = total16 != 0 ? total16 : total32;
        boolean wide = table16 == 0;
        long table = wide ? in.u32("BPB_FATSz32") : table16;
        check(table > 0, 22, "the allocation table has no sectors");
        long rootCluster = 0;
        if (wide) {
            in.bytes("flags", 4);
            rootCluster = in.u32("BPB_RootClus");
            in.bytes("BPB_FSInfo to BPB_Reserved", 16);
        }
        in.bytes("BS_DrvNum to BS_BootSig", 3);
        long serial = in.u32("BS_VolID");
        String label = new String(in.bytes("BS_VolLab", 11), StandardCharsets.ISO_8859_1).stripTrailing();
        int signature = Byte.toUnsignedInt(sector[510]) | (Byte.toUnsignedInt(sector[511]) << 8);
        check(signature == SIGNATURE, 510, "not a FAT volume: the signature is 0x%04x".formatted(signature));
        long root = reserved + tables * table;
        long data = root + (rootEntries * 32L + sectorBytes - 1) / sectorBytes;
        check(total > data, 19, "%d sectors, but data starts at %d".formatted(total, data));
        check(total * sectorBytes <= available, 19, "%d sectors, which is more than the image has".formatted(total));
        long clusters = (total - data) / perCluster;
        FatType type = typeOf(clusters, wide);
        check(
                (clusters + 2) * (type == FatType.FAT32 ? 4 : 2) <= table * sectorBytes,
                22,
                "%d sectors of allocation table are too few for %d clusters".formatted(table, clusters));
        return new Parsed(
                type,
                sectorBytes,
                perCluster,
                (long) reserved * sectorBytes,
                table * sectorBytes,
                root * sectorBytes,
                rootEntries,
                rootCluster,
                data * sectorBytes,
                clusters,
                serial,
                label);
    }

    /** By the specification, only the count decides; small FAT32 volumes exist nevertheless, and Linux reads them. */
    private static FatType typeOf(long clusters, boolean wide) throws FormatException {
        if (wide) {
            check(clusters <= FatGeometry.FAT32_MOST_CLUSTERS, 13, clusters + " clusters are too many for FAT32");
            return FatType.FAT32;
        }
        check(clusters > 4084, 13, "%d clusters: FAT12 is not supported".formatted(clusters));
        check(clusters <= FatGeometry.FAT16_MOST_CLUSTERS, 13, clusters + " clusters are too many for FAT16");
        return FatType.FAT16;
    }

    private static boolean powerOfTwo(int value, int least, int most) {
        return Integer.bitCount(value) == 1 && value >= least && value <= most;
    }

    private static void check(boolean holds, long offset, String what) throws FormatException {
        if (!holds) {
            throw new FormatException(NAME, offset, what);
        }
    }
}
