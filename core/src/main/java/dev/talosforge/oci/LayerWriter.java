package dev.talosforge.oci;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.tar.TarWriter;
import dev.talosforge.tree.FileTree;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree as a layer in one pass: tar and its digest, then gzip and its digest and size.
 *
 * <p>The same tree gives the same tar archive, and so the same diff id, anywhere. Compressed bytes also depend on the
 * Java runtime's zlib.
 */
public final class LayerWriter {
    private final @Nullable Encoder encoder;

    private LayerWriter(@Nullable Encoder encoder) {
        this.encoder = encoder;
    }

    /** Compresses what is written to it. Closing the result ends the compressed stream, but not the stream below. */
    @FunctionalInterface
    public interface Encoder {
        OutputStream over(OutputStream out) throws IOException;
    }

    /** Writes uncompressed layers. */
    public static LayerWriter plain() {
        return new LayerWriter(null);
    }

    /** Writes layers compressed with gzip by the given encoder. */
    public static LayerWriter gzip(Encoder encoder) {
        return new LayerWriter(encoder);
    }

    /** Writes layers compressed with the JDK's gzip, from level 0 (stored) to 9 (smallest). */
    public static LayerWriter gzip(int level) {
        return gzip(out -> Gzip.encode(out, level));
    }

    /** Writes to a stream, which stays open. */
    public Layer write(FileTree tree, OutputStream out) throws IOException {
        Digesting blob = new Digesting(out);
        Digesting archive;
        if (encoder == null) {
            archive = new Digesting(blob);
            new TarWriter(ByteSink.over(archive)).write(tree.entries());
        } else {
            try (OutputStream encoded = encoder.over(blob)) {
                archive = new Digesting(encoded);
                new TarWriter(ByteSink.over(archive)).write(tree.entries());
            }
        }
        out.flush();
        String mediaType = encoder == null ? MediaType.OCI_LAYER : MediaType.OCI_LAYER_GZIP;
        return new Layer(
                new Descriptor(mediaType, Sha256.finish(blob.digest), blob.size), Sha256.finish(archive.digest));
    }

    /** Writes to a file, which appears once it is complete. */
    public Layer write(FileTree tree, Path file) throws IOException {
        return NewFile.write(file, out -> write(tree, out));
    }

    /** Passes bytes on, counting and digesting them. */
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
