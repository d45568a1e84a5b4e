package dev.talosforge.pipeline.image;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.Manifest;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.problem.BuildException;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.List;

/** The images that a stage uses, for inspection: from the store, otherwise from their place. */
public final class PinnedImages {
    private final ImageStore images;

    public PinnedImages(BuildContext context, String unit) {
        this.images = new ImageStore(context, unit, Architecture.AMD64);
    }

    /** The manifest that a pinned place leads to. */
    public Manifest manifest(ImagePlace pinned) throws IOException, InterruptedException {
        return resolved(pinned).manifest();
    }

    /**
     * The files of an image. Trees that a stage has unpacked are reused.
     *
     * @param only wanted paths, with everything below them; empty for everything
     */
    public FileTree files(ImagePlace pinned, List<String> only) throws IOException, InterruptedException {
        ResolvedImage image = resolved(pinned);
        return images.unpack(image, images.pull(image), only);
    }

    private ResolvedImage resolved(ImagePlace pinned) throws IOException, InterruptedException {
        try {
            return images.resolve(List.of(pinned)).getFirst();
        } catch (IOException | InterruptedException | BuildException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("resolving fails in no other way", e);
        }
    }
}
