package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The images that something was made of, wherever they are, and what a registry says of a tag now. */
public interface Origins {
    /** What the tag names now, or null. */
    @Nullable
    Sha256 served(ImageReference tag) throws IOException, InterruptedException;

    Manifest manifest(ImageReference pinned) throws IOException, InterruptedException;

    /**
     * The files of an image.
     *
     * @param only paths that are wanted with all below them; empty for everything
     */
    FileTree files(ImageReference pinned, List<String> only) throws IOException, InterruptedException;
}
