package dev.talosforge.format.fat;

/** Width of an entry of the allocation table. Readers tell the types apart by the number of clusters alone. */
public enum FatType {
    /** 4087 to 65524 clusters. */
    FAT16,
    /** At least 65525 clusters; fewer would be taken for FAT16. */
    FAT32
}
