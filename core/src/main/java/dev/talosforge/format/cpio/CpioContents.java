package dev.talosforge.format.cpio;

import dev.talosforge.tree.Entry;
import java.util.List;

/**
 * The contents of the uncompressed archives at the start of a file.
 *
 * @param entries in the order in which the kernel creates them; if a path occurs twice, the later entry counts.
 *     Contents are views of the file read. The first name of a file is the file, further names are hard links
 * @param archives the number of archives
 * @param end their end, in bytes, including trailing zeros: the file's size, or the first byte of a compressed segment
 */
public record CpioContents(List<Entry> entries, int archives, long end) {
    public CpioContents {
        entries = List.copyOf(entries);
    }
}
