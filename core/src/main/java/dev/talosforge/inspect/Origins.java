package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.Manifest;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The images from which an artifact was built, wherever they are, and what a tag refers to now. */
public interface Origins {
    /** The digest to which the tag or the name refers now, or null. */
    @Nullable
    Sha256 served(ImagePlace tag) throws IOException, InterruptedException;

    Manifest manifest(ImagePlace pinned) throws IOException, InterruptedException;

    /**
     * The files of an image.
     *
     * @param only paths to include, with everything below them; empty for everything
     */
    FileTree files(ImagePlace pinned, List<String> only) throws IOException, InterruptedException;
}
