package dev.talosforge.inspect;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.inspect.Report.FileFacts;
import dev.talosforge.inspect.Report.Listing;
import dev.talosforge.tree.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lists files with their attributes and digests. */
final class Listings {
    private Listings() {}

    /** Limit for one container. In some, a file of zeros uses no space, but as much time as any other. */
    private static final long MAX_BYTES = 64L << 30;

    static Listing of(String container, List<Entry> entries, Digests digests) throws IOException {
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry instanceof Entry.RegularFile file ? file.content().size() : 0;
            if (bytes > MAX_BYTES || bytes < 0) {
                throw new LimitException(
                        container,
                        entry.path(),
                        "the content of all files up to it exceeds the limit of %d bytes".formatted(MAX_BYTES));
            }
        }
        List<FileFacts> files = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            files.add(facts(entry, digests));
        }
        return new Listing(container, files);
    }

    private static FileFacts facts(Entry entry, Digests digests) throws IOException {
        return switch (entry) {
            case Entry.Directory _ -> facts(entry, "directory", null);
            case Entry.Symlink link -> facts(entry, "symlink", link.target());
            case Entry.HardLink link -> facts(entry, "hardlink", link.target());
            case Entry.CharDevice device -> facts(entry, "char", device.major() + ":" + device.minor());
            case Entry.BlockDevice device -> facts(entry, "block", device.major() + ":" + device.minor());
            case Entry.Fifo _ -> facts(entry, "fifo", null);
            case Entry.RegularFile file -> {
                Entry.Attributes attributes = file.attributes();
                yield new FileFacts(
                        file.path(),
                        "file",
                        attributes.permissions(),
                        attributes.uid(),
                        attributes.gid(),
                        file.content().size(),
                        digests.of(file.content()),
                        null);
            }
        };
    }

    private static FileFacts facts(Entry entry, String type, @org.jspecify.annotations.Nullable String target) {
        Entry.Attributes attributes = entry.attributes();
        return new FileFacts(
                entry.path(), type, attributes.permissions(), attributes.uid(), attributes.gid(), 0, null, target);
    }
}
