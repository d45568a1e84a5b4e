package dev.talosforge.lab;

import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.net.URI;

/**
 * Pushes images to the lab's registry. The pipeline's own push, passed in: the lab does not know how images are made.
 */
@FunctionalInterface
public interface LabPublisher {
    /**
     * Pushes the image as one layer for linux/amd64 under its repository and tag.
     *
     * @param registry where the lab's registry listens; the reference's own host only names the repository
     * @return the digest of the manifest that the tag now names
     */
    Sha256 publish(URI registry, StandInImage image) throws IOException;
}
