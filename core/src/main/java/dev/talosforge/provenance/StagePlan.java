package dev.talosforge.provenance;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What applying a unit would do.
 *
 * @param unit its folder, from the folder that was asked about
 * @param stage what it is in a few words: "installer image and boot ISO"
 * @param lines what would be used and made, in order
 * @param changes how that differs from the last apply; empty if nothing was applied yet
 * @param basis what it is compared with
 * @param waitsFor units that must be applied before everything is known
 */
public record StagePlan(
        String unit, String stage, List<Line> lines, List<Change> changes, Basis basis, List<String> waitsFor) {
    /** A stand-in for values that other units provide when they are applied. */
    public static final String LATER = "(known after apply)";

    public StagePlan {
        lines = List.copyOf(lines);
        changes = List.copyOf(changes);
        waitsFor = List.copyOf(waitsFor);
    }

    /** A plan in which everything is known. */
    public StagePlan(String unit, String stage, List<Line> lines, List<Change> changes, Basis basis) {
        this(unit, stage, lines, changes, basis, List.of());
    }

    /** A plan for a unit that another tool runs: we change nothing of it. */
    public static StagePlan ofConsumer(String unit, String stage, List<Line> lines) {
        return new StagePlan(unit, stage, lines, List.of(), Basis.NONE);
    }

    /** The same, with one more line. */
    public StagePlan with(List<Line> more) {
        List<Line> all = new ArrayList<>(lines);
        all.addAll(more);
        return new StagePlan(unit, stage, all, changes, basis, waitsFor);
    }

    /**
     * The same, with something that other units decide.
     *
     * @param what parts of which the value is not known
     */
    public StagePlan waiting(List<String> units, List<String> what) {
        List<Change> all = new ArrayList<>(changes);
        if (basis == Basis.LAST_APPLY) {
            what.forEach(name -> all.add(new Change(Kind.CHANGED, Reason.CONTENT, name, "", LATER, "-> " + LATER)));
        }
        return new StagePlan(unit, stage, lines, all, basis, units);
    }

    /** What a plan is compared with. */
    public enum Basis {
        /** Nothing: another tool runs the unit. */
        NONE,
        /** Nothing yet: everything is new. */
        NEVER_APPLIED,
        LAST_APPLY
    }

    /** Whether it only sends a file that another unit makes. */
    public boolean isUpload() {
        return stage.equals(StageKind.UPLOAD.title());
    }

    /** Whether applying would change something of ours. */
    public boolean hasChanges() {
        return basis == Basis.NEVER_APPLIED || !changes.isEmpty();
    }

    /**
     * One thing that the stage uses or builds, by name.
     *
     * @param part the first of the parts that it shows; null if it shows no part, such as a hook
     */
    public record Line(String name, String value, @Nullable Part part) {
        public Line(String name, String value) {
            this(name, value, null);
        }
    }

    /**
     * One difference from the last apply.
     *
     * @param reason what kind of thing it is
     * @param what in the user's words: "extension ghcr.io/siderolabs/crun"
     * @param before as it was applied; empty for something new
     * @param after as it would be applied; empty for something removed
     * @param text the difference in one line, short enough to be read; empty if {@code what} says everything
     */
    public record Change(Kind kind, Reason reason, String what, String before, String after, String text) {
        /** Whether it is decided when another unit is applied. */
        public boolean isLater() {
            return after.equals(LATER);
        }
    }

    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED
    }

    /** Why applying would give another result than last time. */
    public enum Reason {
        TALOS_VERSION,
        EXTENSION_ADDED,
        EXTENSION_REMOVED,
        EXTENSION_VERSION,
        /** Another image under the same name as last time. */
        EXTENSION_DIGEST,
        KERNEL_ARGUMENT,
        /** A custom extension: added, removed, another version or another image. */
        CUSTOM_IMAGE,
        BASE_IMAGE,
        STAGE_REVISION,
        PACKAGE,
        FILE,
        /** An image, an archive, a download or a build that an extension is made of. */
        SOURCE,
        /** Where it is delivered. */
        TARGET,
        /** What is delivered, if another unit built it. */
        CONTENT,
        /** An input that only affects how something is built. */
        SETTING
    }

    public JsonObject toJson() {
        return Json.object()
                .put("unit", unit)
                .put("stage", stage)
                .put("basis", basis.name().toLowerCase(Locale.ROOT))
                .put("plan", lineObject())
                .put(
                        "changes",
                        new JsonArray(changes.stream().map(StagePlan::json).toList()))
                .put("waits_for", Json.ofTexts(waitsFor))
                .build();
    }

    private Json lineObject() {
        return Json.array(
                lines,
                line -> Json.object()
                        .put("name", line.name())
                        .put("value", line.value())
                        .build());
    }

    private static Json json(Change change) {
        return Json.object()
                .put("change", change.kind().name().toLowerCase(Locale.ROOT))
                .put("category", change.reason().name().toLowerCase(Locale.ROOT))
                .put("subject", change.what())
                .put("before", change.before())
                .put("after", change.after())
                .put("message", change.text())
                .build();
    }
}
