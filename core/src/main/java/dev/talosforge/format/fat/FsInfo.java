package dev.talosforge.format.fat;

import dev.talosforge.bytes.FieldWriter;

/**
 * FAT32's second sector: the free space. Only a hint; drivers may recount.
 *
 * <p>Specification: Microsoft FAT 1.03, "FAT32 FSInfo Sector Structure"; little-endian.
 *
 * @param free number of free clusters
 * @param next cluster to start looking for a free one
 */
record FsInfo(long free, long next) {
    FieldWriter encode() {
        return FieldWriter.littleEndian("FAT FSInfo", FatGeometry.SECTOR)
                .u32("FSI_LeadSig", 0x41615252L)
                .zeros("FSI_Reserved1", 480)
                .u32("FSI_StrucSig", 0x61417272L)
                .u32("FSI_Free_Count", free)
                .u32("FSI_Nxt_Free", next)
                .zeros("FSI_Reserved2", 12)
                .u32("FSI_TrailSig", 0xAA550000L);
    }
}
