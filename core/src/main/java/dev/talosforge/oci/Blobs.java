package dev.talosforge.oci;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;

/** A source of blobs: a layout on disk, a store, an archive. */
@FunctionalInterface
public interface Blobs {
    /** The blob's bytes, not yet checked; a missing blob is an {@link IOException}. */
    ByteSource get(Descriptor descriptor) throws IOException;

    /** The bytes of a manifest, an index or a configuration, checked against size and digest. */
    default byte[] document(Descriptor descriptor) throws IOException {
        ByteSource blob = get(descriptor);
        if (blob.size() != descriptor.size()) {
            throw new FormatException(
                    "OCI blob",
                    0,
                    "%s has %d bytes; its descriptor says %d"
                            .formatted(descriptor.digest(), blob.size(), descriptor.size()));
        }
        byte[] bytes = blob.readAll("OCI blob", Members.MAX_DOCUMENT);
        Sha256 found = Sha256.of(bytes);
        if (!found.equals(descriptor.digest())) {
            throw new FormatException(
                    "OCI blob", 0, "the content of %s has the digest %s".formatted(descriptor.digest(), found));
        }
        return bytes;
    }
}
