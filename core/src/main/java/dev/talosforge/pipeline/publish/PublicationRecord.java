package dev.talosforge.pipeline.publish;

import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Manifest;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UnitIdentity;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which unit published an image, kept with the image in its registry: a manifest without content whose subject is the
 * image. The image itself does not depend on who publishes it.
 */
public record PublicationRecord(StageModule stage, UnitIdentity unit) {
    static final String TYPE = "application/vnd.talosforge.publication.v1+json";

    private static final String UNIT = "dev.talosforge.unit";
    private static final String STAGE = "dev.talosforge.stage";

    /** What a descriptor of the image's referrers records; null if it is not such a record. */
    static @Nullable PublicationRecord of(Descriptor referrer) {
        StageModule stage = StageModule.of(referrer.annotations().get(STAGE));
        UnitIdentity unit = UnitIdentity.parse(referrer.annotations().getOrDefault(UNIT, ""));
        return stage == null || unit == null || !TYPE.equals(referrer.artifactType())
                ? null
                : new PublicationRecord(stage, unit);
    }

    /** The same for every apply. */
    Manifest about(Descriptor image) {
        SequencedMap<String, String> annotations = new TreeMap<>();
        annotations.put(UNIT, unit.toString());
        annotations.put(STAGE, stage.module());
        return Manifest.about(image, TYPE, annotations);
    }

    boolean isSame(PublicationRecord other) {
        return stage == other.stage && unit.isSame(other.unit);
    }
}
