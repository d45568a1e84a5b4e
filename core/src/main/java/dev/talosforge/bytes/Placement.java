package dev.talosforge.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects sources at fixed offsets and reads them as one; gaps between them are zeros.
 *
 * <p>Holds references, not bytes: this is how a file-system image of any size is laid out without being written.
 */
public final class Placement {
    private final TreeMap<Long, ByteSource> placed = new TreeMap<>();

    /**
     * Puts {@code content} at {@code offset}. Empty content takes no space; an overlap is a bug in the caller.
     *
     * @param offset in bytes from the start of the whole
     */
    public Placement put(long offset, ByteSource content) {
        if (content.size() == 0) {
            return this;
        }
        Map.Entry<Long, ByteSource> before = placed.floorEntry(offset);
        Map.Entry<Long, ByteSource> after = placed.ceilingEntry(offset);
        boolean overlapsBefore =
                before != null && before.getKey() + before.getValue().size() > offset;
        boolean overlapsAfter = after != null && Math.addExact(offset, content.size()) > after.getKey();
        if (offset < 0 || overlapsBefore || overlapsAfter) {
            throw new IllegalArgumentException(
                    "%d bytes at %d overlap earlier content".formatted(content.size(), offset));
        }
        placed.put(offset, content);
        return this;
    }

    /** As {@link #put(long, ByteSource)}, with bytes that are not copied again when read. */
    public Placement put(long offset, byte[] content) {
        return put(offset, ByteSource.of(content));
    }

    /**
     * The whole, as one source.
     *
     * @param size of the whole, in bytes; no content may extend beyond it
     */
    public ByteSource toSource(long size) {
        List<ByteSource> parts = new ArrayList<>();
        long position = 0;
        for (Map.Entry<Long, ByteSource> part : placed.entrySet()) {
            parts.add(ByteSource.zeros(part.getKey() - position));
            parts.add(part.getValue());
            position = part.getKey() + part.getValue().size();
        }
        if (position > size) {
            throw new IllegalArgumentException("content ends at %d, the whole has %d bytes".formatted(position, size));
        }
        parts.add(ByteSource.zeros(size - position));
        return ByteSource.concat(parts);
    }
}
