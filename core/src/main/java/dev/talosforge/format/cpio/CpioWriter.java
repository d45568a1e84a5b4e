package dev.talosforge.format.cpio;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.tree.Entry;
import java.io.IOException;
import java.util.List;

/** Writes "newc" cpio archives that the Linux kernel unpacks as an initramfs. {@link CpioArchive} decides the bytes. */
public final class CpioWriter {
    private final ByteSink out;

    public CpioWriter(ByteSink out) {
        this.out = out;
    }

    /**
     * Writes a whole archive, from the next multiple of four bytes. Another one may follow it: the kernel unpacks
     * concatenated archives in turn.
     */
    public void write(List<Entry> entries) throws IOException {
        write(entries, CpioArchive.ALIGNMENT);
    }

    /**
     * As {@link #write(List)}, padded with zeros.
     *
     * @param pad the archive's size is a multiple of this many bytes; a power of two, at least 4. GNU cpio uses 512
     */
    public void write(List<Entry> entries, int pad) throws IOException {
        out.alignTo(CpioArchive.ALIGNMENT);
        out.copy(CpioArchive.source(entries, pad));
        out.flush();
    }
}
