package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.LimitException;

/** The descriptors from block 16 on, and the boot catalog. ECMA-119 8 and El Torito 1.0. */
final class VolumeDescriptors {
    static final int BLOCK = 2048;
    static final int PRIMARY = 1;
    static final int BOOT = 0;
    static final int TERMINATOR = 255;
    static final String STANDARD = "CD001";
    static final String EL_TORITO = "EL TORITO SPECIFICATION";
    static final int PLATFORM_X86 = 0;
    static final int PLATFORM_EFI = 0xEF;
    static final int BOOTABLE = 0x88;

    /** A catalog's section header: the last one. */
    static final int LAST_SECTION = 0x91;

    /** How much of its image a BIOS loads, in sectors of 512 bytes. */
    private static final int BIOS_SECTORS = 4;

    private static final int CATALOG_ENTRY = 32;

    private VolumeDescriptors() {}

    /** Blocks and sizes for the primary descriptor. */
    record Places(long totalBlocks, long pathTableBytes, long littleTable, long bigTable) {}

    static FieldWriter primary(IsoLabels labels, long created, Places places, byte[] rootRecord) throws LimitException {
        FieldWriter out = FieldWriter.littleEndian("ISO 9660 primary volume descriptor", BLOCK)
                .u8("type", PRIMARY)
                .text("standard_identifier", STANDARD, 5, ' ')
                .u8("version", 1)
                .zeros("unused_1", 1)
                .text("system_identifier", "", 32, ' ')
                .text("volume_identifier", labels.volume(), 32, ' ')
                .zeros("unused_2", 8)
                .both32("volume_space_size", places.totalBlocks())
                .zeros("unused_3", 32)
                .both16("volume_set_size", 1)
                .both16("volume_sequence_number", 1)
                .both16("logical_block_size", BLOCK)
                .both32("path_table_size", places.pathTableBytes())
                .u32("l_path_table", places.littleTable())
                .u32("optional_l_path_table", 0)
                .bytes("m_path_table", bigEndian(places.bigTable()))
                .u32("optional_m_path_table", 0)
                .bytes("root_directory_record", rootRecord)
                .text("volume_set_identifier", labels.volumeSet(), 128, ' ')
                .text("publisher_identifier", labels.publisher(), 128, ' ')
                .text("data_preparer_identifier", labels.preparer(), 128, ' ')
                .text("application_identifier", labels.application(), 128, ' ')
                .text("copyright_file_identifier", "", 37, ' ')
                .text("abstract_file_identifier", "", 37, ' ')
                .text("bibliographic_file_identifier", "", 37, ' ')
                .bytes("creation", IsoTime.ofVolume(created))
                .bytes("modification", IsoTime.ofVolume(created))
                .bytes("expiration", IsoTime.noTime())
                .bytes("effective", IsoTime.noTime())
                .u8("file_structure_version", 1)
                .zeros("reserved_1", 1)
                .text("application_use", "", 512, ' ');
        return out.zeros("reserved_2", 653);
    }

    private static byte[] bigEndian(long value) {
        return FieldWriter.bigEndian("ISO 9660 path table block", 4)
                .u32("block", value)
                .toBytes();
    }

    static FieldWriter boot(long catalogBlock) {
        return FieldWriter.littleEndian("El Torito boot record", BLOCK)
                .u8("type", BOOT)
                .text("standard_identifier", STANDARD, 5, ' ')
                .u8("version", 1)
                .text("boot_system_identifier", EL_TORITO, 32, '\0')
                .zeros("boot_identifier", 32)
                .u32("catalog", catalogBlock)
                .zeros("unused", 1973);
    }

    static FieldWriter terminator() {
        return FieldWriter.littleEndian("ISO 9660 volume descriptor set terminator", BLOCK)
                .u8("type", TERMINATOR)
                .text("standard_identifier", STANDARD, 5, ' ')
                .u8("version", 1)
                .zeros("reserved", 2041);
    }

    /** The first entry of a catalog: its sixteen-bit words add up to 0. */
    static FieldWriter validation(int platform) {
        int checksum = (0x10000 - ((0x0001 | (platform << 8)) + 0xAA55) % 0x10000) % 0x10000;
        return FieldWriter.littleEndian("El Torito validation entry", CATALOG_ENTRY)
                .u8("header_id", 1)
                .u8("platform", platform)
                .zeros("reserved", 2)
                .zeros("manufacturer", 24)
                .u16("checksum", checksum)
                .u16("key", 0xAA55);
    }

    static FieldWriter sectionHeader(int platform, int entries) {
        return FieldWriter.littleEndian("El Torito section header", CATALOG_ENTRY)
                .u8("header_id", LAST_SECTION)
                .u8("platform", platform)
                .u16("entries", entries)
                .zeros("section_identifier", 28);
    }

    static FieldWriter bootEntry(int sectors, long block) {
        return FieldWriter.littleEndian("El Torito boot entry", CATALOG_ENTRY)
                .u8("boot_indicator", BOOTABLE)
                .u8("media_type", 0)
                .u16("load_segment", 0)
                .u8("system_type", 0)
                .zeros("unused", 1)
                .u16("sector_count", sectors)
                .u32("block", block)
                .zeros("selection_criteria", 20);
    }

    static byte[] biosEntry(long block) {
        return bootEntry(BIOS_SECTORS, block).toBytes();
    }

    /**
     * Offers a partition to UEFI.
     *
     * @param bytes of the partition; a size that does not fit in the count becomes 0, which means up to the end
     */
    static byte[] efiEntry(long block, long bytes) {
        long sectors = bytes / 512;
        return bootEntry(sectors <= 0xFFFF ? (int) sectors : 0, block).toBytes();
    }
}
