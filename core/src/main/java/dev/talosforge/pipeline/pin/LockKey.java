package dev.talosforge.pipeline.pin;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.talos.extension.ExtensionCatalog;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * An image as a unit names it, for one version of Talos.
 *
 * @param talos the version, as it is written, or {@link #ANY}
 * @param written as written in the tree, or the default if it is not
 * @param named whether it is a name from Talos' catalogue of official extensions, not yet an image
 */
public record LockKey(String talos, String written, boolean named) implements Comparable<LockKey> {
    private static final Comparator<LockKey> ORDER =
            Comparator.comparing(LockKey::talos).thenComparing(LockKey::written).thenComparing(LockKey::named);

    /** In place of a version, for what an extension is made of: that is the same whichever Talos it runs on. */
    static final String ANY = "any";

    /** For messages: {@code "Talos v1.11.5"}. */
    public String release() {
        return talos.equals(ANY) ? "any Talos" : "Talos " + talos;
    }

    /** An official extension, which may be a name. */
    static LockKey official(String talos, String written) {
        try {
            ImageReference image = ImageReference.parse(ExtensionCatalog.complete(written));
            return new LockKey(talos, written, ExtensionCatalog.isName(image));
        } catch (IllegalArgumentException e) {
            return new LockKey(talos, written, false);
        }
    }

    /** Whether it is an image of a registry, not one on disk or a mistake. */
    boolean isImage() {
        try {
            return ImagePlace.parse(named ? ExtensionCatalog.complete(written) : written, Path.of(""))
                    instanceof ImagePlace.InRegistry;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The image; of a name where its images are. */
    public ImageReference image() {
        return ImageReference.parse(named ? ExtensionCatalog.complete(written) : written);
    }

    @Override
    public int compareTo(LockKey other) {
        return ORDER.compare(this, other);
    }
}
