package dev.talosforge.pipeline.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageChoice;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.registry.Resolved;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Manifests and indexes in the store, so that a pinned image is resolved without its registry. A digest names its
 * content wherever that is.
 */
public record ManifestCache(Store store) {
    public static final int MAX_BYTES = 4 << 20;

    /** The image that a reference led to. */
    public Resolved keep(Resolved resolved) throws IOException {
        for (ByteSource document : resolved.read()) {
            keep(document);
        }
        return resolved;
    }

    private void keep(ByteSource bytes) throws IOException {
        if (!has(Sha256.of(bytes))) {
            byte[] document = bytes.readAll("OCI manifest", MAX_BYTES);
            store.put(out -> out.write(document));
        }
    }

    /** Read, because what is damaged is to be put there again. */
    private boolean has(Sha256 digest) throws IOException {
        ByteSource stored = store.find(digest);
        if (stored == null) {
            return false;
        }
        try {
            return Sha256.of(stored).equals(digest);
        } catch (DamagedException e) {
            return false;
        }
    }

    /**
     * An image for one platform.
     *
     * @param top an index, or the manifest itself
     */
    record Kept(Descriptor top, Descriptor selected, Manifest manifest) {}

    /** The image of a digest; null if a manifest on the way to it is not here. */
    @Nullable
    Kept find(Sha256 digest, Platform platform) throws IOException {
        try {
            return found(digest, platform);
        } catch (DamagedException e) {
            return null; // and the registry has it, or says that it does not
        } catch (FormatException e) {
            return null; // the registry's answer will be as broken, and is explained then
        }
    }

    private @Nullable Kept found(Sha256 digest, Platform platform) throws IOException {
        Document top = document(digest);
        if (top == null) {
            return null;
        }
        try {
            Descriptor selected = ImageChoice.of(top.descriptor(), platform, this::bytes);
            return new Kept(top.descriptor(), selected, Manifest.parse(bytes(selected)));
        } catch (NotHere e) {
            return null;
        }
    }

    /** Thrown if the store lacks a document. */
    private static final class NotHere extends Exception {
        NotHere(Sha256 digest) {
            super("the store has no document " + digest);
        }
    }

    private byte[] bytes(Descriptor descriptor) throws IOException, NotHere {
        ByteSource stored = store.find(descriptor.digest());
        if (stored == null || stored.size() != descriptor.size() || stored.size() > MAX_BYTES) {
            throw new NotHere(descriptor.digest());
        }
        return stored.readAll("OCI manifest", MAX_BYTES);
    }

    private record Document(Descriptor descriptor, ByteSource bytes) {}

    /** Null if it is not here, is not a manifest, or is broken: the registry's answer explains more. */
    private @Nullable Document document(Sha256 digest) throws IOException {
        ByteSource stored = store.find(digest);
        if (stored == null || stored.size() > MAX_BYTES) {
            return null;
        }
        byte[] bytes = stored.readAll("OCI manifest", MAX_BYTES);
        String mediaType = mediaType(bytes);
        if (mediaType == null) {
            return null;
        }
        return new Document(new Descriptor(mediaType, digest, bytes.length), ByteSource.of(bytes));
    }

    /** As the registry's answer would be read that does not tell it either. */
    private static @Nullable String mediaType(byte[] bytes) {
        try {
            JsonObject json = JsonReader.readObject("OCI manifest", bytes);
            String own = json.text("mediaType");
            if (own != null) {
                return MediaType.isManifest(own) || MediaType.isIndex(own) ? own : null;
            }
            return json.get("manifests") != null
                    ? MediaType.OCI_INDEX
                    : json.object("config") != null && json.get("layers") != null ? MediaType.OCI_MANIFEST : null;
        } catch (FormatException e) {
            return null; // a digest of something else
        }
    }
}
