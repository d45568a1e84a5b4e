package dev.talosforge.pipeline;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.problem.BuildException;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.List;

/** The images that a stage works with, for who wants to look at them: from the store, else from their registries. */
public final class Ingredients {
    private final PulledImages images;

    public Ingredients(Workshop workshop, String unit) {
        this.images = new PulledImages(workshop, unit, Architecture.AMD64);
    }

    /** The manifest that a pinned reference leads to. */
    public Manifest manifest(ImageReference pinned) throws IOException, InterruptedException {
        return resolved(pinned).manifest();
    }

    /**
     * The files of an image. What a stage has unpacked is used again.
     *
     * @param only paths that are wanted with all below them; empty for everything
     */
    public FileTree files(ImageReference pinned, List<String> only) throws IOException, InterruptedException {
        FoundImage image = resolved(pinned);
        return images.unpack(image, images.pull(image), only);
    }

    private FoundImage resolved(ImageReference pinned) throws IOException, InterruptedException {
        try {
            return images.resolve(List.of(new ImagePlace.InRegistry(pinned))).getFirst();
        } catch (IOException | InterruptedException | BuildException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("resolving fails in no other way", e);
        }
    }
}
