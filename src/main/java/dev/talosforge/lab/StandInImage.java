package dev.talosforge.lab;

import dev.talosforge.tree.FileTree;
import java.util.List;

/**
 * An image of the lab's registry, to be published as one layer.
 *
 * @param reference under the real name: {@code ghcr.io/siderolabs/crun:1.24}
 * @param entrypoint of the image's configuration; may be empty
 * @param environment of the image's configuration: {@code NAME=VALUE}; may be empty
 * @param modified creation time, in seconds since the epoch
 */
public record StandInImage(
        String reference, FileTree content, List<String> entrypoint, List<String> environment, long modified) {
    public StandInImage {
        entrypoint = List.copyOf(entrypoint);
        environment = List.copyOf(environment);
    }

    /** The repository, as an extension list names it: {@code ghcr.io/siderolabs/crun}. */
    public String repository() {
        return reference.substring(0, reference.lastIndexOf(':'));
    }
}
