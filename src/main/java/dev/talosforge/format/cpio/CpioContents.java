package dev.talosforge.format.cpio;

import dev.talosforge.tree.Entry;
import java.util.List;

/**
 * What the uncompressed archives at the start of a file hold.
 *
 * @param entries in the order in which the kernel creates them: a path may stand twice, then the later one counts.
 *     Contents are views of the file that was read. The first name of a file is the file, further ones are hard links
 * @param archives how many there were
 * @param end where they end, in bytes, with the zeros that follow: the file's size, or the first byte of a compressed
 *     segment
 */
public record CpioContents(List<Entry> entries, int archives, long end) {
    public CpioContents {
        entries = List.copyOf(entries);
    }
}
