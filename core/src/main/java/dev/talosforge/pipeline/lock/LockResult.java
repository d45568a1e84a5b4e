package dev.talosforge.pipeline.lock;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.pipeline.pin.LockKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The result of locking a tree.
 *
 * @param file of the lock
 * @param written whether it was changed
 * @param references how many it has
 * @param changes to its earlier content
 * @param given what is not locked because it comes from other units or from programs: "UNIT: INPUT"
 * @param hcl the inputs with their digests, to be pasted into the units
 */
public record LockResult(
        Path file, boolean written, int references, List<Change> changes, List<String> given, List<String> hcl) {
    public LockResult {
        changes = List.copyOf(changes);
        given = List.copyOf(given);
        hcl = List.copyOf(hcl);
    }

    /**
     * One reference that is newly locked, no longer locked, or locked to another image.
     *
     * @param talos the version of Talos that it belongs to; {@code any} for what an extension is made of
     * @param before empty for one that is new
     * @param after empty for one that was removed
     */
    public record Change(Kind kind, String talos, String reference, String before, String after) {
        /** The version of Talos in words. */
        public String release() {
            return new LockKey(talos, reference, false).release();
        }
    }

    public enum Kind {
        ADDED,
        REMOVED,
        MOVED
    }

    public JsonObject toJson() {
        return Json.object()
                .put("file", file.toString())
                .put("written", written)
                .put("reference_count", references)
                .put(
                        "changes",
                        Json.array(
                                changes,
                                change -> Json.object()
                                        .put("change", change.kind().name().toLowerCase(Locale.ROOT))
                                        .put("talos_version", change.talos())
                                        .put("reference", change.reference())
                                        .put("before", change.before())
                                        .put("after", change.after())
                                        .build()))
                .put("not_locked", Json.ofTexts(given))
                .build();
    }
}
