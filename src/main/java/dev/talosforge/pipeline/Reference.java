package dev.talosforge.pipeline;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * An image as a unit names it, for one version of Talos.
 *
 * @param talos the version, as it is written, or {@link #ANY}
 * @param written as it stands in the tree, or the default in place of what does not
 * @param named whether it is a name of Talos' catalogue of official extensions, and no image yet
 */
record Reference(String talos, String written, boolean named) implements Comparable<Reference> {
    private static final Comparator<Reference> ORDER = Comparator.comparing(Reference::talos)
            .thenComparing(Reference::written)
            .thenComparing(Reference::named);

    /** In place of a version, for what an extension is made of: that is the same whichever Talos it runs on. */
    static final String ANY = "any";

    /** For messages: {@code "Talos v1.11.5"}. */
    String release() {
        return talos.equals(ANY) ? "any Talos" : "Talos " + talos;
    }

    /** An official extension, which may be a name. */
    static Reference official(String talos, String written) {
        try {
            ImageReference image = ImageReference.parse(Catalogue.complete(written));
            return new Reference(talos, written, Catalogue.isName(image));
        } catch (IllegalArgumentException e) {
            return new Reference(talos, written, false);
        }
    }

    /** Whether it is an image of a registry, and not one on disk or a mistake. */
    boolean isImage() {
        try {
            return ImagePlace.parse(named ? Catalogue.complete(written) : written, Path.of(""))
                    instanceof ImagePlace.InRegistry;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The image; of a name where its images are. */
    ImageReference image() {
        return ImageReference.parse(named ? Catalogue.complete(written) : written);
    }

    @Override
    public int compareTo(Reference other) {
        return ORDER.compare(this, other);
    }
}
