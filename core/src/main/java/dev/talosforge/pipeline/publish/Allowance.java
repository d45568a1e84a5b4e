package dev.talosforge.pipeline.publish;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UnitIdentity;
import org.jspecify.annotations.Nullable;

/**
 * When a tag may move away from another image.
 *
 * @param own whether the tag belongs to the stage, because it is named after the version: then it always may
 * @param overwrite whether the user allowed it
 * @param last what this unit published last, from which it may move, too; null if that is not known
 * @param record which marks an image as this unit's; null if its folder does not determine the unit
 */
public record Allowance(
        boolean own,
        boolean overwrite,
        @Nullable Sha256 last,
        @Nullable PublicationRecord record) {
    /** For a tag that belongs to the stage. */
    public static Allowance always() {
        return new Allowance(true, false, null, null);
    }

    /** For a unit that a stage applies. */
    public static Allowance of(
            boolean own, boolean overwrite, @Nullable Sha256 last, StageModule stage, @Nullable UnitIdentity unit) {
        return new Allowance(own, overwrite, last, unit == null ? null : new PublicationRecord(stage, unit));
    }

    /** Whether the tag may move from any image. */
    boolean fromAny() {
        return own || overwrite;
    }
}
