package dev.talosforge.format.tar;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.tree.Entry;
import java.io.IOException;
import java.util.List;

/**
 * Writes a tar archive: ustar, with pax records for what ustar cannot express. {@link TarArchive#source} gives the same
 * bytes.
 *
 * <pre>
 *   member*          header, content, pad to 512
 *   end              two blocks of zeros
 * </pre>
 */
public final class TarWriter {
    private final ByteSink out;

    public TarWriter(ByteSink out) {
        this.out = out;
    }

    /** Writes a whole archive; see {@link TarArchive#source} for the order and what is refused. */
    public void write(List<? extends Entry> entries) throws IOException {
        for (Entry entry : TarArchive.contentFirst(entries)) {
            out.bytes(TarMemberBytes.before(entry));
            if (entry instanceof Entry.RegularFile file) {
                out.copy(file.content());
                out.zeros(-file.content().size() & (TarHeader.SIZE - 1));
            }
        }
        out.zeros(TarArchive.END_SIZE);
        out.flush();
    }
}
