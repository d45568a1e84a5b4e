package dev.talosforge.format.tar;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.tar.SparseMap.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the current member, including zeros that the archive leaves out; an archive that ends within them is
 * broken.
 */
final class MemberContent extends InputStream {
    private final TarInput in;

    /** Remaining bytes in the archive. */
    private long stored;

    private long padding;

    private List<Part> parts = List.of();

    /** The first part that ends after {@link #at}. */
    private int part;

    private long at;
    private long size;
    private boolean cut;

    MemberContent(TarInput in) {
        this.in = in;
    }

    /** Starts the next member, of which the archive has {@code inArchive} bytes. */
    void begin(long inArchive, @Nullable SparseMap sparse) {
        stored = inArchive;
        padding = -inArchive & (TarHeader.SIZE - 1);
        at = 0;
        part = 0;
        size = sparse == null ? inArchive : sparse.size();
        parts = sparse == null ? List.of(new Part(0, inArchive)) : sparse.parts();
    }

    /** Whether the archive ended within the padding, as umoci's inserted layers do. */
    boolean isCut() {
        return cut;
    }

    void skipRest() throws IOException {
        byte[] buffer = new byte[1 << 14];
        while (stored > 0) {
            take(buffer, 0, buffer.length);
        }
        int rest = (int) padding;
        padding = 0;
        cut |= in.upTo(rest).length < rest;
        parts = List.of();
        size = at;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (at == size || length == 0) {
            return length == 0 ? 0 : -1;
        }
        while (part < parts.size() && at >= parts.get(part).end()) {
            part++;
        }
        Part next = part < parts.size() ? parts.get(part) : null;
        int count;
        if (next != null && at >= next.offset()) {
            count = take(into, offset, (int) Math.min(length, next.end() - at));
        } else {
            count = (int) Math.min(length, (next == null ? size : next.offset()) - at);
            Arrays.fill(into, offset, offset + count, (byte) 0);
        }
        at += count;
        return count;
    }

    private int take(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, (int) Math.min(stored, length));
        if (count < 0) {
            throw new FormatException(
                    "tar archive", in.position(), "ends within a member: %d bytes are missing".formatted(stored));
        }
        stored -= count;
        return count;
    }
}
