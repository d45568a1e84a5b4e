package dev.talosforge.format.iso9660;

import dev.talosforge.tree.Entry.Attributes;

/**
 * A file of the ISO whose content is not stored again, because it is inside the appended partition.
 *
 * @param path in the ISO's tree
 * @param offset of the content from the start of the partition image, in bytes: a multiple of 2048
 * @param size in bytes
 */
public record SharedFile(String path, Attributes attributes, long offset, long size) {}
