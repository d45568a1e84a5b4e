package dev.talosforge.pipeline.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * A file tree in the store: all contents one after the other in one blob, and a record of the entries.
 *
 * <p>The blob is checked by parts of about a mebibyte, so that reading one file of a large tree does not read all of
 * it. A larger file is its own part.
 *
 * @param contents the blob with all contents
 * @param parts of the blob, in order, without gaps
 * @param tree the entries; contents are windows of the blob
 */
public record StoredTree(Sha256 contents, List<Part> parts, FileTree tree) {
    private static final int PART = 1 << 20;

    /**
     * Of the blob; no file spans two.
     *
     * @param end in bytes from the start of the blob
     */
    record Part(long end, Sha256 digest) {}

    public StoredTree {
        parts = List.copyOf(parts);
    }

    /** Copies all contents of a tree into the store. */
    public static StoredTree save(Store store, FileTree tree) throws IOException {
        List<Part> parts = new ArrayList<>();
        Sha256 blob = store.put(out -> {
            Parts written = new Parts(out, parts);
            for (Entry entry : tree.entries()) {
                if (entry instanceof Entry.RegularFile file) {
                    written.add(file);
                }
            }
            written.cut();
        });
        ByteSource all = store.find(blob);
        if (all == null) {
            throw new IOException("the store lost " + blob);
        }
        List<Entry> entries = new ArrayList<>(tree.size());
        long offset = 0;
        for (Entry entry : tree.entries()) {
            if (entry instanceof Entry.RegularFile file) {
                long size = file.content().size();
                entries.add(new Entry.RegularFile(file.path(), file.attributes(), all.slice(offset, size)));
                offset += size;
            } else {
                entries.add(entry);
            }
        }
        return new StoredTree(blob, parts, FileTree.of(entries));
    }

    /** Contents on their way into the blob. */
    private static final class Parts {
        private final OutputStream out;
        private final List<Part> parts;
        private final byte[] buffer = new byte[1 << 16];
        private MessageDigest digest = Sha256.begin();
        private long start;
        private long end;

        Parts(OutputStream out, List<Part> parts) {
            this.out = out;
            this.parts = parts;
        }

        void add(Entry.RegularFile file) throws IOException {
            long size = file.content().size();
            if (size >= PART) {
                cut();
            }
            long left = size;
            try (InputStream in = file.content().open()) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    out.write(buffer, 0, count);
                    digest.update(buffer, 0, count);
                    left -= count;
                }
            }
            if (left != 0) {
                throw new IOException("source changed while it was read: %s no longer has the expected %d bytes"
                        .formatted(file.path(), size));
            }
            end += size;
            if (end - start >= PART) {
                cut();
            }
        }

        void cut() {
            if (end > start) {
                parts.add(new Part(end, Sha256.finish(digest)));
                digest = Sha256.begin();
                start = end;
            }
        }
    }
}
