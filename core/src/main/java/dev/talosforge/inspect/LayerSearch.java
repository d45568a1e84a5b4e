package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarMember;
import dev.talosforge.format.tar.TarReader;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the few files that identify an image: layer by layer from the top, and no further than needed. The base of an
 * installer is not even pulled.
 */
final class LayerSearch {
    /** For all layers together. Talos' imager, the largest image that is read, is about 1 GB in 10,000 files. */
    static final TarLimits LIMITS = new TarLimits(500_000, 16L << 30);

    private static final String INSTALL = "usr/install/";
    private static final String SERVICES = "rootfs/usr/local/etc/containers";
    private static final Set<String> INSTALLED =
            Set.of("vmlinuz.efi", "vmlinuz", "initramfs.xz", "systemd-boot.efi", "systemd-stub.efi");
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private final ImageSource source;
    private final Scratch scratch;
    private final TreeBuilder found = new TreeBuilder(0);
    private final Set<String> taken = new TreeSet<>();

    /** Paths that a layer above replaced or removed. */
    private final Set<String> hidden = new TreeSet<>();

    private final Left left = new Left();
    private boolean kernel;
    private boolean manifest;

    private LayerSearch(ImageSource source, Scratch scratch) {
        this.source = source;
        this.scratch = scratch;
    }

    /** Finds manifest, rootfs and service files of an extension, or the usr/install of an installer or imager. */
    static FileTree of(ImageSource source, Scratch scratch) throws IOException {
        LayerSearch search = new LayerSearch(source, scratch);
        for (Descriptor layer : source.image().manifest().layers().reversed()) {
            search.layer(layer);
            if (search.kernel || search.manifest) {
                break;
            }
        }
        return search.found.build();
    }

    private void layer(Descriptor layer) throws IOException {
        ByteSource blob = source.blobs().get(layer);
        Set<String> here = new TreeSet<>();
        Sha256 digest;
        try {
            digest = unpack(blob, here);
        } catch (FormatException e) {
            check(layer, Sha256.of(blob)); // a wrong digest explains the error
            throw e;
        }
        check(layer, digest);
        hidden.addAll(here);
    }

    private static void check(Descriptor layer, Sha256 digest) throws FormatException {
        if (!digest.equals(layer.digest())) {
            throw new FormatException(
                    "OCI layer", 0, "the content of %s has the digest %s".formatted(layer.digest(), digest));
        }
    }

    /** Reads the blob once, to its end, and digests it on the way. */
    private Sha256 unpack(ByteSource blob, Set<String> here) throws IOException {
        MessageDigest digest = Sha256.begin();
        try (InputStream bytes = new BufferedInputStream(new DigestInputStream(blob.open(), digest), 1 << 16);
                InputStream in = left.counted(Compression.of(blob).decoder().decode(bytes))) {
            TarReader reader = new TarReader(in, LIMITS);
            for (TarMember member = reader.next(); member != null; member = reader.next()) {
                left.member();
                member(member, reader, here);
            }
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return Sha256.finish(digest);
    }

    /** What remains of the limits for all layers, including headers of any kind. */
    private static final class Left {
        private static final long HEADERS = 1L << 12;

        private long bytes = LIMITS.contentBytes() + HEADERS * LIMITS.members();
        private long members = LIMITS.members();

        void member() throws FormatException {
            if (--members < 0) {
                throw new FormatException("OCI layers", 0, "more than %d members".formatted(LIMITS.members()));
            }
        }

        InputStream counted(InputStream in) {
            return new FilterInputStream(in) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = in.read(into, offset, length);
                    bytes -= Math.max(0, count);
                    if (bytes < 0) {
                        throw new FormatException(
                                "OCI layers", 0, "more than %d bytes of content".formatted(LIMITS.contentBytes()));
                    }
                    return count;
                }
            };
        }
    }

    private void member(TarMember member, TarReader reader, Set<String> here) throws IOException {
        String path = member.path();
        String name = FileTree.nameOf(path);
        String parent = FileTree.parentOf(path);
        if (name.equals(OPAQUE)) {
            here.add(parent + "/");
        } else if (name.startsWith(WHITEOUT)) {
            here.add((parent.equals(".") ? "" : parent + "/") + name.substring(WHITEOUT.length()));
        } else if (isWanted(member) && !isHidden(path)) {
            here.add(path);
            if (member.kind() == TarMember.Kind.FILE) {
                taken.add(path);
                found.add(member.toEntry(scratch.keep("OCI layer", reader.content())));
                kernel |= path.startsWith(INSTALL) && name.startsWith("vmlinuz");
                manifest |= path.equals("manifest.yaml");
            } else if (!taken.contains(path)) {
                found.directory(path, member.attributes().permissions());
            }
        }
    }

    private static boolean isWanted(TarMember member) {
        return switch (member.kind()) {
            case FILE ->
                member.path().equals("manifest.yaml")
                        || FileTree.parentOf(member.path()).equals(SERVICES)
                        || (member.path().startsWith(INSTALL) && INSTALLED.contains(FileTree.nameOf(member.path())));
            case DIRECTORY -> member.path().equals("rootfs");
            case HARD_LINK, SYMLINK, CHAR_DEVICE, BLOCK_DEVICE, FIFO -> false;
        };
    }

    private boolean isHidden(String path) {
        if (hidden.contains(path)) {
            return true;
        }
        for (String parent = FileTree.parentOf(path); !parent.equals("."); parent = FileTree.parentOf(parent)) {
            if (hidden.contains(parent) || hidden.contains(parent + "/")) {
                return true;
            }
        }
        return hidden.contains("./");
    }
}
