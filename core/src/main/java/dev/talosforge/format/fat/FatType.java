package dev.talosforge.format.fat;

/** Width of an allocation table entry. Readers distinguish the types by the number of clusters alone. */
public enum FatType {
    /** 4087 to 65524 clusters. */
    FAT16,
    /** At least 65525 clusters; fewer would be read as FAT16. */
    FAT32
}
