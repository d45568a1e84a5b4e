package dev.talosforge.oci;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A stream that digests and counts its bytes, up to a limit. */
final class DigestingInput extends FilterInputStream {
    private final MessageDigest digest = Sha256.begin();
    private final String structure;
    private final long limit;
    private long size;

    DigestingInput(String structure, InputStream in, long limit) {
        super(in);
        this.structure = structure;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        if (count > 0) {
            digest.update(into, offset, count);
            size += count;
            if (size > limit) {
                throw new FormatException(structure, limit, "more than %d bytes".formatted(limit));
            }
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 13)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Reads to the end and checks the digest. */
    void expect(Sha256 expected) throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (read(buffer, 0, buffer.length) >= 0) {
            // only to digest the rest
        }
        Sha256 found = Sha256.finish(digest);
        if (!found.equals(expected)) {
            throw new FormatException(structure, 0, "the content of %s has the digest %s".formatted(expected, found));
        }
    }
}
