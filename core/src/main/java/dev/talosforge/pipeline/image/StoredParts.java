package dev.talosforge.pipeline.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.pipeline.image.StoredTree.Part;
import java.io.IOException;
import java.util.List;

/** Hands out the files of a blob, in their order, as windows of its parts. */
final class StoredParts {
    private final Store store;
    private final Sha256 blob;
    private final List<Part> parts;
    private int next;
    private long start;
    private ByteSource part = ByteSource.empty();
    private long offset;

    StoredParts(Store store, Sha256 blob, List<Part> parts) {
        this.store = store;
        this.blob = blob;
        this.parts = parts;
    }

    /** The next file of that size. A file outside its part is an {@link IndexOutOfBoundsException}. */
    ByteSource next(long size) throws IOException {
        if (size == 0) {
            return ByteSource.empty();
        }
        if (offset == start + part.size()) {
            start = offset;
            Part at = parts.get(next++);
            part = store.part(blob, start, at.end() - start, at.digest());
        }
        ByteSource file = size == part.size() ? part : part.slice(offset - start, size);
        offset += size;
        return file;
    }
}
