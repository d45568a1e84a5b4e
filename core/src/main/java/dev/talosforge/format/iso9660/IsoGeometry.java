package dev.talosforge.format.iso9660;

/**
 * Positions of the medium's parts, for structures that refer to them: the partition table, the boot record.
 *
 * @param totalBytes of the medium, a multiple of 2048; the tail ends there
 * @param partitionOffset of the appended partition in bytes, a multiple of 1 MiB; 0 without one, as below
 * @param partitionSize in bytes, a multiple of 1 MiB
 * @param biosBlock where the BIOS image starts, in blocks of 2048 bytes
 * @param catalogBlock where the boot catalog is, in blocks of 2048 bytes
 */
public record IsoGeometry(
        long totalBytes, long partitionOffset, long partitionSize, long biosBlock, long catalogBlock) {
    /** In sectors of 512 bytes. */
    public long totalSectors() {
        return totalBytes / 512;
    }

    /** In sectors of 512 bytes. */
    public long partitionSector() {
        return partitionOffset / 512;
    }

    /** In sectors of 512 bytes. */
    public long partitionSectors() {
        return partitionSize / 512;
    }
}
