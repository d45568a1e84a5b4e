package dev.talosforge.format.iso9660;

/**
 * What El Torito offers.
 *
 * @param platform 0 for a BIOS, 0xEF for UEFI
 * @param sectors to load, of 512 bytes; 0 for UEFI: up to the end
 * @param block where it starts, of 2048 bytes
 */
public record BootImage(int platform, int sectors, long block) {}
