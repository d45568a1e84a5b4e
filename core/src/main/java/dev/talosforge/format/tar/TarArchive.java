package dev.talosforge.format.tar;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.HardLink;
import dev.talosforge.tree.Entry.RegularFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tar archive as a view: headers are created here; contents stay where they are and are read along with the archive.
 */
public final class TarArchive {
    /** Two blocks of zeros end an archive. */
    static final int END_SIZE = 2 * TarHeader.SIZE;

    private TarArchive() {}

    /**
     * The archive of these entries, in the order given; the same entries give the same bytes.
     *
     * <p>If a hard link comes before its file, it gets the content and the file becomes the link, because extractors
     * need the content first. What the format cannot hold is a {@link LimitException}.
     */
    public static ByteSource source(List<? extends Entry> entries) throws IOException {
        List<ByteSource> parts = new ArrayList<>();
        for (Entry entry : contentFirst(entries)) {
            parts.add(ByteSource.of(TarMemberBytes.before(entry)));
            if (entry instanceof RegularFile file) {
                parts.add(file.content());
                parts.add(ByteSource.zeros(-file.content().size() & (TarHeader.SIZE - 1)));
            }
        }
        parts.add(ByteSource.zeros(END_SIZE));
        return ByteSource.concat(parts);
    }

    /** The same files, with every link after the name that has the content. */
    static List<Entry> contentFirst(List<? extends Entry> entries) throws LimitException {
        Map<String, RegularFile> files = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry instanceof RegularFile file) {
                files.put(file.path(), file);
            }
        }
        Map<String, String> firstNames = new TreeMap<>();
        List<Entry> ordered = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            String target = entry instanceof HardLink link ? link.target() : entry.path();
            RegularFile file = files.get(target);
            if (file == null && entry instanceof HardLink) {
                throw new LimitException(
                        "tar", entry.path(), "links to " + target + ", which is not a file of the archive");
            }
            if (file == null || !(entry instanceof HardLink || entry instanceof RegularFile)) {
                ordered.add(entry);
                continue;
            }
            String first = firstNames.putIfAbsent(target, entry.path());
            ordered.add(
                    first == null ? file.withPath(entry.path()) : new HardLink(entry.path(), file.attributes(), first));
        }
        return ordered;
    }
}
