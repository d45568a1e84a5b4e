package dev.talosforge.lab;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
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
    /** Of every file and image: 5 November 2025, in seconds since the epoch. */
    static final long MODIFIED = 1_762_300_800L;

    public StandInImage {
        entrypoint = List.copyOf(entrypoint);
        environment = List.copyOf(environment);
    }

    /** The repository, as in an extension list: {@code ghcr.io/siderolabs/crun}. */
    public String repository() {
        return reference.substring(0, reference.lastIndexOf(':'));
    }

    /** The same image with other content. */
    StandInImage withContent(FileTree other) {
        return new StandInImage(reference, other, entrypoint, environment, modified);
    }

    /** The same image with other bytes in one file. */
    StandInImage withFile(String path, ByteSource bytes) throws IOException {
        TreeBuilder tree = new TreeBuilder(modified);
        content.entries().forEach(tree::add);
        return withContent(tree.file(path, 0644, bytes).build());
    }
}
