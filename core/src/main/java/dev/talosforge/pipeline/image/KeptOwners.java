package dev.talosforge.pipeline.image;

import java.util.SequencedMap;

/**
 * Marks an extension whose unit sets owners: its files keep them in boot images that are built here. Talos' imager and
 * the Image Factory ignore the mark and make root the owner of all files.
 */
public final class KeptOwners {
    private static final String ANNOTATION = "dev.talosforge.owners";
    private static final String KEPT = "kept";

    private KeptOwners() {}

    /** Adds the mark to an image's annotations. */
    public static void addTo(SequencedMap<String, String> annotations) {
        annotations.put(ANNOTATION, KEPT);
    }

    /** Whether the owners in an extension's image are intended. */
    public static boolean of(ResolvedImage extension) {
        return KEPT.equals(extension.manifest().annotations().get(ANNOTATION));
    }
}
