package dev.talosforge.oci;

import dev.talosforge.bytes.FormatException;
import java.io.IOException;

/**
 * One image: its documents, not its layers.
 *
 * @param descriptor of the manifest
 */
public record Image(Descriptor descriptor, Manifest manifest, ImageConfig config) {
    public Image {
        if (manifest.layers().size() != config.diffIds().size()) {
            throw new IllegalArgumentException("%d layers and %d diff ids"
                    .formatted(manifest.layers().size(), config.diffIds().size()));
        }
    }

    /** An image that this program made. */
    public static Image of(Manifest manifest, ImageConfig config) {
        return new Image(manifest.descriptor(), manifest, config);
    }

    /**
     * Reads the image that a descriptor leads to.
     *
     * @param top of a manifest, or of an index that has the manifest for {@code platform}
     */
    public static Image read(Descriptor top, Platform platform, Blobs blobs) throws IOException {
        Descriptor descriptor = ImageChoice.<RuntimeException>of(top, platform, blobs::document);
        Manifest manifest = Manifest.parse(blobs.document(descriptor));
        if (!MediaType.isConfig(manifest.config().mediaType())) {
            throw new FormatException(
                    "OCI image",
                    0,
                    "an artifact, not an image: " + manifest.config().mediaType());
        }
        return matched(descriptor, manifest, ImageConfig.parse(blobs.document(manifest.config())));
    }

    /** Someone else's configuration, which may contradict the manifest. */
    public static Image matched(Descriptor descriptor, Manifest manifest, ImageConfig config) throws FormatException {
        if (manifest.layers().size() != config.diffIds().size()) {
            throw new FormatException(
                    "OCI image",
                    0,
                    "the manifest has %d layers, the configuration %d"
                            .formatted(
                                    manifest.layers().size(), config.diffIds().size()));
        }
        for (Descriptor layer : manifest.layers()) {
            if (!MediaType.isLayer(layer.mediaType())) {
                throw new FormatException("OCI layer", 0, "unsupported layer: " + layer.mediaType());
            }
        }
        return new Image(descriptor, manifest, config);
    }
}
