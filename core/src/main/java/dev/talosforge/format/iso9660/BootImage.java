package dev.talosforge.format.iso9660;

/**
 * A boot image that El Torito offers.
 *
 * @param platform 0 for a BIOS, 0xEF for UEFI
 * @param sectors to load, of 512 bytes; 0 for UEFI means up to the end
 * @param block its first block, of 2048 bytes
 */
public record BootImage(int platform, int sectors, long block) {}
