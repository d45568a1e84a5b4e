package dev.talosforge.pipeline.image;

import java.util.SequencedMap;

/**
 * Of an extension whose unit says owners: its files keep them in boot images that are made here. Talos' imager and the
 * Image Factory do not know of it, and make all files root's.
 */
public final class KeptOwners {
    private static final String ANNOTATION = "dev.talosforge.owners";
    private static final String KEPT = "kept";

    private KeptOwners() {}

    /** Says so in an image's annotations. */
    public static void addTo(SequencedMap<String, String> annotations) {
        annotations.put(ANNOTATION, KEPT);
    }

    /** Whether the owners in an extension's image are meant. */
    public static boolean of(ResolvedImage extension) {
        return KEPT.equals(extension.manifest().annotations().get(ANNOTATION));
    }
}
