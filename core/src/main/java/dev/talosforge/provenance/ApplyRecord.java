package dev.talosforge.provenance;

import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.provenance.StagePlan.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's result is made of, in order. Recorded beside the state with each apply; the next plan compares with
 * it.
 *
 * <pre>
 *   {"format": 2, "stage": "images", "parts": {…}, "made_of": [{"part": "talos_release", "version": "v1.11.5"}, …],
 *    "publication": {…}}
 * </pre>
 *
 * <p>Records of earlier versions of this program are read, too ({@link FirstFormat}): there, details and the
 * publication may be missing.
 *
 * @param publication what was delivered and when; null if it was not recorded
 */
public record ApplyRecord(
        StageKind stage, List<Part> parts, @Nullable Publication publication) {
    static final int FORMAT = 2;

    /** The end of the name of the file beside a state. */
    public static final String SUFFIX = ".forge.json";

    public ApplyRecord {
        parts = List.copyOf(parts);
    }

    /** The record of an apply that is about to run, or has just run. */
    public ApplyRecord(StageKind stage, List<Part> parts) {
        this(stage, parts, null);
    }

    public StagePlan plan(String unit, @Nullable ApplyRecord before) {
        return new StagePlan(
                unit,
                stage.title(),
                lines(),
                before == null ? List.of() : PlanDiff.between(before.parts, parts),
                before == null ? StagePlan.Basis.NEVER_APPLIED : StagePlan.Basis.LAST_APPLY);
    }

    /** What a plan lists. */
    List<Line> lines() {
        return PartGroup.of(parts).values().stream()
                .filter(group -> !group.isDetail() && !group.value().isEmpty())
                .map(group -> new Line(group.title(), group.value(), group.first()))
                .toList();
    }

    /** Whether an image was made for a registry and not pushed. */
    public boolean isKept() {
        return parts.stream().anyMatch(part -> part instanceof Part.Target target && !target.pushed());
    }

    /** Where it is recorded: beside the state. */
    public static Path recordOf(Path state) {
        return state.resolveSibling(state.getFileName() + SUFFIX);
    }

    /**
     * Records it.
     *
     * @param delivered null if unknown
     */
    public void write(Path state, @Nullable Publication delivered) throws IOException {
        WholeFile.write(recordOf(state), toJson(delivered).pretty().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * As it is recorded.
     *
     * @param delivered null if unknown
     */
    public JsonObject toJson(@Nullable Publication delivered) {
        Json.Builder json = Json.object()
                .put("format", FORMAT)
                .put("stage", RecordKey.of(stage))
                .put("parts", forEarlierVersions())
                .put("made_of", PartWriter.json(parts));
        if (delivered != null) {
            json.put("publication", delivered.toJson());
        }
        return json.build();
    }

    /**
     * Versions before format 2 check no format number and treat missing parts as removed. With this entry their plan
     * shows who recorded it, and their {@code verify} fails, which would otherwise prove less than it claims.
     */
    private JsonObject forEarlierVersions() {
        String title = stage == StageKind.IMAGES ? "imager" : "record";
        return Json.object()
                .put(title, "recorded by a newer Talos Forge, in format " + FORMAT)
                .build();
    }
}
