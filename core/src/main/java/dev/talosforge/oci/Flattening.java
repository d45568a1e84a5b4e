package dev.talosforge.oci;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CheckedSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.format.tar.LostXattrs;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarMember;
import dev.talosforge.format.tar.TarReader;
import dev.talosforge.format.tar.TarTree;
import dev.talosforge.tree.FileTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Flattens an image's layers into one file tree, from the bottom to the top. OCI image specification 1.1, "Image Layer
 * Filesystem Changeset".
 *
 * <p>{@code .wh.NAME} removes what lower layers have at NAME, {@code .wh..wh..opq} what they have in its directory.
 * Neither affects its own layer, whatever its position in it, and neither is in the tree. Other names that start with
 * {@code .wh..wh.} belong to AUFS and are left out with everything below them. Each layer is checked against its digest
 * and its diff id. For hard links, parents and refusals see {@link TarTree}.
 */
public final class Flattening {
    private static final String WHITEOUT = ".wh.";
    private static final String AUFS = ".wh..wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    /** Allowance for headers, padding and pax records on top of the content, in bytes per member. */
    private static final long OVERHEAD = 1L << 12;

    private final Blobs blobs;
    private final TarLimits limits;

    /**
     * Flattens images whose layers are in {@code blobs}.
     *
     * @param limits for one image, all layers together
     */
    public Flattening(Blobs blobs, TarLimits limits) {
        this.blobs = blobs;
        this.limits = limits;
    }

    /**
     * The image's files.
     *
     * @param directory the folder to spool contents to; the tree is valid as long as it exists
     */
    public FileTree flatten(Image image, Path directory) throws IOException {
        return flatten(image, directory, new LostXattrs());
    }

    /** As above; {@code lost} collects the attributes that the tree does not keep. */
    public FileTree flatten(Image image, Path directory, LostXattrs lost) throws IOException {
        try (TarTree tree = new TarTree(directory, limits)) {
            for (int i = 0; i < image.manifest().layers().size(); i++) {
                tree.nextLayer();
                apply(image.manifest().layers().get(i), image.config().diffIds().get(i), tree, lost);
            }
            return tree.tree();
        }
    }

    private void apply(Descriptor layer, Sha256 diffId, TarTree tree, LostXattrs lost) throws IOException {
        if (!MediaType.isLayer(layer.mediaType())) {
            throw new FormatException("OCI layer", 0, "unsupported layer: " + layer.mediaType());
        }
        ByteSource blob = blobs.get(layer);
        if (blob.size() != layer.size()) {
            throw new FormatException(
                    "OCI layer",
                    0,
                    "%s has %d bytes; its descriptor says %d".formatted(layer.digest(), blob.size(), layer.size()));
        }
        // Content that its keeper checks needs no second digest.
        boolean checked =
                blob instanceof CheckedSource source && source.digest().equals(layer.digest());
        try (DigestingInput digested = checked ? null : new DigestingInput("OCI layer", blob.open(), layer.size());
                BufferedInputStream bytes =
                        new BufferedInputStream(digested == null ? blob.open() : digested, 1 << 16)) {
            bytes.mark(Compression.PROBE);
            Compression compression = Compression.of(bytes.readNBytes(Compression.PROBE));
            bytes.reset();
            unpack(diffId, bytes, compression, tree, lost);
            if (digested != null) {
                bytes.transferTo(OutputStream.nullOutputStream());
                digested.expect(layer.digest());
            }
        }
    }

    private void unpack(Sha256 diffId, InputStream compressed, Compression compression, TarTree tree, LostXattrs lost)
            throws IOException {
        try (DigestingInput archive = new DigestingInput(
                "OCI layer archive", compression.decoder().decode(new Unclosed(compressed)), archiveLimit())) {
            unpack(new TarReader(archive, limits), tree, lost);
            archive.expect(diffId);
        }
    }

    private long archiveLimit() {
        long overhead = OVERHEAD * (limits.members() + 1L);
        return limits.contentBytes() > Long.MAX_VALUE - overhead ? Long.MAX_VALUE : limits.contentBytes() + overhead;
    }

    private static void unpack(TarReader reader, TarTree tree, LostXattrs lost) throws IOException {
        for (TarMember member = reader.next(); member != null; member = reader.next()) {
            String name = FileTree.nameOf(member.path());
            String parent = FileTree.parentOf(member.path());
            if (name.equals(OPAQUE)) {
                tree.clear(parent);
            } else if (name.startsWith(WHITEOUT) && !name.startsWith(AUFS)) {
                tree.remove(hidden(member, parent, name.substring(WHITEOUT.length())));
            } else if (!("/" + member.path()).contains("/" + AUFS)) {
                lost.see(member);
                tree.add(member, reader.content());
            }
        }
    }

    private static String hidden(TarMember member, String parent, String name) throws FormatException {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new FormatException(
                    "OCI layer archive", member.contentOffset(), "a whiteout without a file name: " + member.path());
        }
        return parent.equals(".") ? name : parent + "/" + name;
    }

    /** The decoder may close its input as soon as it is done; the digest needs the rest, too. */
    private static final class Unclosed extends java.io.FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // closed by whoever opened it
        }
    }
}
