package dev.talosforge.pipeline.pin;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.image.ManifestCache;
import dev.talosforge.registry.Resolved;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The exact image that a reference stands for.
 *
 * @param image with its digest
 * @param size in bytes, of the manifest or index that the digest names
 * @param platforms digests of an index's manifests by platform; empty for an image of one platform
 */
public record Pin(ImageReference image, long size, SortedMap<String, Sha256> platforms) {
    public Pin {
        if (image.digest() == null) {
            throw new IllegalArgumentException("not pinned: " + image);
        }
        platforms = Collections.unmodifiableSortedMap(new TreeMap<>(platforms));
    }

    public static Pin of(Resolved resolved) throws IOException {
        SortedMap<String, Sha256> platforms = new TreeMap<>();
        if (MediaType.isIndex(resolved.top().mediaType())) {
            byte[] bytes = resolved.topBytes().readAll("OCI index", ManifestCache.MAX_BYTES);
            for (Descriptor manifest : Index.parse(bytes).manifests()) {
                Platform platform = manifest.platform();
                if (platform != null && !platform.os().equals("unknown")) { // attestations say unknown/unknown
                    platforms.putIfAbsent(platform.toString(), manifest.digest());
                }
            }
        }
        return new Pin(resolved.reference(), resolved.top().size(), platforms);
    }

    public Sha256 digest() {
        Sha256 digest = image.digest();
        if (digest == null) {
            throw new IllegalStateException("not pinned: " + image);
        }
        return digest;
    }

    /** Whether both name the same repository and tag, whatever the digest. */
    boolean isOf(ImageReference other) {
        return image.name().equals(other.name()) && java.util.Objects.equals(image.tag(), other.tag());
    }

    /** Digests by platform; an invalid one is an {@link IllegalArgumentException}. */
    static SortedMap<String, Sha256> platforms(SortedMap<String, String> texts) {
        SortedMap<String, Sha256> platforms = new TreeMap<>();
        for (var text : texts.entrySet()) {
            platforms.put(text.getKey(), digest(text.getValue()));
        }
        return platforms;
    }

    public static Sha256 digest(String text) {
        try {
            return Sha256.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"%s\" is not a digest".formatted(text), e);
        }
    }

    /** As people compare it: what is behind a name has a tag that is worth being told. */
    public String text(LockKey key) {
        return key.named() ? image.toString() : digest().toString();
    }
}
