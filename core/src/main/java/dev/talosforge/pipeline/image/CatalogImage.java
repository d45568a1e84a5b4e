package dev.talosforge.pipeline.image;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.extension.ExtensionCatalog;
import dev.talosforge.tree.FileTree;
import java.util.List;

/** The image with the extension catalogue of a Talos release. */
public final class CatalogImage {
    private CatalogImage() {}

    /** The catalogue of a release, from its registry. */
    public static ExtensionCatalog of(BuildContext context, String unit, String talos) throws Exception {
        ImageReference reference = ExtensionCatalog.imageOf(talos);
        ImageStore images = new ImageStore(context, unit, Architecture.AMD64);
        ResolvedImage found =
                images.resolve(List.of(new ImagePlace.InRegistry(reference))).getFirst();
        FileTree files = images.unpack(found, images.pull(found), List.of(ExtensionCatalog.FILE));
        return Failures.named(ExtensionCatalog.cannotUse(reference), () -> ExtensionCatalog.read(reference, files));
    }
}
