package dev.talosforge.format.fat;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.FieldWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One file in a directory: long-name entries, last part first, then the short entry.
 *
 * <p>Specification: Microsoft FAT 1.03, "FAT Directory Structure" and "Long File Name Implementation"; little-endian.
 *
 * @param attributes {@link #READ_ONLY} and its siblings
 * @param cluster the first cluster; 0 if there is none
 * @param size of a file in bytes; 0 for a directory
 */
record DirectoryEntry(FatName name, int attributes, FatTime time, long cluster, long size) {
    static final int SIZE = 32;
    static final int READ_ONLY = 0x01;
    static final int VOLUME_LABEL = 0x08;
    static final int DIRECTORY = 0x10;
    static final int ARCHIVE = 0x20;
    static final int LONG_NAME = 0x0F;

    /** Marks the entry with the last part of a long name, which comes first. */
    static final int LAST_PART = 0x40;

    /** UTF-16 units in a long-name entry. */
    static final int PART = 13;

    static DirectoryEntry labelled(String label, FatTime time) {
        return new DirectoryEntry(new FatName("%-11s".formatted(label), 0, null), VOLUME_LABEL, time, 0, 0);
    }

    /** {@code .} and {@code ..}. */
    static DirectoryEntry link(String dots, FatTime time, long cluster) {
        return new DirectoryEntry(new FatName("%-11s".formatted(dots), 0, null), DIRECTORY, time, cluster, 0);
    }

    void write(ByteSink out) throws IOException {
        String longName = name.longName();
        if (longName != null) {
            byte[] units = Arrays.copyOf(
                    longName.getBytes(StandardCharsets.UTF_16LE), (longName.length() + PART - 1) / PART * PART * 2);
            int end = longName.length() * 2;
            if (end < units.length) {
                Arrays.fill(units, end + 2, units.length, (byte) 0xFF); // after a terminating NUL
            }
            int parts = units.length / (PART * 2);
            for (int part = parts; part > 0; part--) {
                byte[] own = Arrays.copyOfRange(units, (part - 1) * PART * 2, part * PART * 2);
                out.bytes(longPart(part == parts ? part | LAST_PART : part, own).toBytes());
            }
        }
        out.bytes(encode().toBytes());
    }

    FieldWriter longPart(int order, byte[] units) {
        return FieldWriter.littleEndian("FAT long name entry", SIZE)
                .u8("LDIR_Ord", order)
                .bytes("LDIR_Name1", Arrays.copyOfRange(units, 0, 10))
                .u8("LDIR_Attr", LONG_NAME)
                .u8("LDIR_Type", 0)
                .u8("LDIR_Chksum", FatName.checksum(name.shortName().getBytes(StandardCharsets.ISO_8859_1)))
                .bytes("LDIR_Name2", Arrays.copyOfRange(units, 10, 22))
                .u16("LDIR_FstClusLO", 0)
                .bytes("LDIR_Name3", Arrays.copyOfRange(units, 22, 26));
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian("FAT directory entry", SIZE)
                .text("DIR_Name", name.shortName(), 11, ' ')
                .u8("DIR_Attr", attributes)
                .u8("DIR_NTRes", name.caseBits())
                .u8("DIR_CrtTimeTenth", 0)
                .u16("DIR_CrtTime", time.time())
                .u16("DIR_CrtDate", time.date())
                .u16("DIR_LstAccDate", time.date())
                .u16("DIR_FstClusHI", (int) (cluster >>> 16))
                .u16("DIR_WrtTime", time.time())
                .u16("DIR_WrtDate", time.date())
                .u16("DIR_FstClusLO", (int) (cluster & 0xFFFF))
                .u32("DIR_FileSize", size);
    }
}
