package dev.talosforge.pipeline;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.FileTree;
import java.util.List;

/** The image in which a release of Talos has its catalogue of extensions. */
final class CatalogImage {
    private CatalogImage() {}

    /** The catalogue of a release, from its registry. */
    static Catalogue of(Workshop workshop, String unit, String talos) throws Exception {
        ImageReference reference = Catalogue.imageOf(talos);
        PulledImages images = new PulledImages(workshop, unit, Architecture.AMD64);
        FoundImage found =
                images.resolve(List.of(new ImagePlace.InRegistry(reference))).getFirst();
        FileTree files = images.unpack(found, images.pull(found), List.of(Catalogue.FILE));
        return Failures.named(Catalogue.cannotUse(reference), () -> Catalogue.read(reference, files));
    }
}
