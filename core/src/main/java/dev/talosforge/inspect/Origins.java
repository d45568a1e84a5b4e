package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.Manifest;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The images that something was made of, wherever they are, and what a place has under a name now. */
public interface Origins {
    /** What the tag or the name leads to now, or null. */
    @Nullable
    Sha256 served(ImagePlace tag) throws IOException, InterruptedException;

    Manifest manifest(ImagePlace pinned) throws IOException, InterruptedException;

    /**
     * The files of an image.
     *
     * @param only paths that are wanted with all below them; empty for everything
     */
    FileTree files(ImagePlace pinned, List<String> only) throws IOException, InterruptedException;
}
