package dev.talosforge.oci;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.tar.TarWriter;
import dev.talosforge.tree.FileTree;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a tree as a layer, in one pass: tar, its digest, gzip, and the digest and size of that.
 *
 * <p>The same tree gives the same tar archive and so the same diff id anywhere. Compressed bytes depend on the zlib of
 * the Java runtime, too.
 */
public final class LayerWriter {
    private static final int PLAIN = -1;

    private final int level;

    private LayerWriter(int level) {
        this.level = level;
    }

    /** Layers that are not compressed. */
    public static LayerWriter plain() {
        return new LayerWriter(PLAIN);
    }

    /**
     * Layers compressed with gzip.
     *
     * @param level from 0, stored, to 9, smallest
     */
    public static LayerWriter gzip(int level) {
        if (level < Deflater.NO_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
            throw new IllegalArgumentException("gzip has levels 0 to 9: " + level);
        }
        return new LayerWriter(level);
    }

    /** Writes to a stream, which stays open. */
    public Layer write(FileTree tree, OutputStream out) throws IOException {
        Digesting blob = new Digesting(out);
        Digesting archive;
        if (level == PLAIN) {
            archive = new Digesting(blob);
            new TarWriter(ByteSink.over(archive)).write(tree.entries());
        } else {
            try (Gzip gzip = new Gzip(blob, level)) {
                archive = new Digesting(gzip);
                new TarWriter(ByteSink.over(archive)).write(tree.entries());
                gzip.finish();
            }
        }
        out.flush();
        String mediaType = level == PLAIN ? MediaType.OCI_LAYER : MediaType.OCI_LAYER_GZIP;
        return new Layer(
                new Descriptor(mediaType, Sha256.finish(blob.digest), blob.size), Sha256.finish(archive.digest));
    }

    /** Writes to a file, which appears when it is complete. */
    public Layer write(FileTree tree, Path file) throws IOException {
        return NewFile.write(file, out -> write(tree, out));
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream out, int level) throws IOException {
            super(out, 1 << 16);
            def.setLevel(level);
        }

        /** Gives the compressor's memory back, and leaves the stream below open. */
        @Override
        public void close() {
            def.end();
        }
    }

    /** Passes bytes on, counted and digested. */
    private static final class Digesting extends FilterOutputStream {
        private final MessageDigest digest = Sha256.begin();
        private long size;

        Digesting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            digest.update(bytes, offset, length);
            size += length;
        }
    }
}
