package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CheckedSource;
import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.registry.RegistryClient;
import dev.talosforge.registry.Resolved;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Images of registries. Blobs are pulled one by one, when they are requested; those in the store are not pulled. */
public final class RegistryImages {
    private static final int MAX_MANIFEST = 4 << 20;

    private final RegistryClient client;
    private final Function<Sha256, Path> place;

    /**
     * Images by reference.
     *
     * @param place returns the path of a blob in the store, whether it exists or not
     */
    public RegistryImages(RegistryClient client, Function<Sha256, Path> place) {
        this.client = client;
        this.place = place;
    }

    /** Selects an image; a pinned one in the store, for example one that was never pushed, needs no registry. */
    public ImageSource open(ImageReference reference, Platform platform) throws IOException, InterruptedException {
        Descriptor here = here(reference);
        if (here != null) {
            return source(reference, here, platform, new TreeMap<>());
        }
        Resolved resolved = client.resolve(reference, platform);
        Map<Sha256, ByteSource> documents = new TreeMap<>();
        documents.put(resolved.top().digest(), resolved.topBytes());
        documents.put(resolved.selected().digest(), resolved.manifestBytes());
        Sha256 top = resolved.top().digest();
        Blobs blobs = blobs(reference, documents);
        return new ImageSource(
                reference.toString(),
                top.equals(resolved.selected().digest()) ? null : top,
                Image.read(resolved.selected(), platform, blobs),
                blobs);
    }

    private ImageSource source(
            ImageReference reference, Descriptor top, Platform platform, Map<Sha256, ByteSource> documents)
            throws IOException {
        Blobs blobs = blobs(reference, documents);
        return new ImageSource(
                reference.toString(),
                MediaType.isIndex(top.mediaType()) ? top.digest() : null,
                Image.read(top, platform, blobs),
                blobs);
    }

    private @Nullable Descriptor here(ImageReference reference) throws IOException {
        Sha256 digest = reference.digest();
        if (digest == null || !Files.isRegularFile(place.apply(digest))) {
            return null;
        }
        ByteSource file = ByteSource.of(place.apply(digest));
        if (file.size() > MAX_MANIFEST || !Sha256.of(file).equals(digest)) {
            return null;
        }
        try {
            String mediaType = JsonReader.readObject("OCI manifest", file.readAll("OCI manifest", MAX_MANIFEST))
                    .text("mediaType");
            boolean known = mediaType != null && (MediaType.isManifest(mediaType) || MediaType.isIndex(mediaType));
            return known && mediaType != null ? new Descriptor(mediaType, digest, file.size()) : null;
        } catch (FormatException e) {
            return null; // the digest of something else: the registry reports that
        }
    }

    private Blobs blobs(ImageReference reference, Map<Sha256, ByteSource> documents) {
        return descriptor -> {
            ByteSource document = documents.get(descriptor.digest());
            if (document != null) {
                return document;
            }
            Path file = place.apply(descriptor.digest());
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != descriptor.size()) {
                try {
                    client.pullBlob(reference, descriptor, file);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while pulling");
                }
            }
            return new CheckedSource(
                    ByteSource.of(file),
                    descriptor.digest(),
                    cause -> discarded(file, descriptor.digest(), cause),
                    false);
        };
    }

    /** Removes a damaged copy: the store is at fault, not the image, and the next run pulls it again. */
    private static DamagedException discarded(Path file, Sha256 digest, @Nullable IOException cause) {
        DamagedException failure = new DamagedException("the store's copy of %s is damaged".formatted(digest), cause);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }
}
