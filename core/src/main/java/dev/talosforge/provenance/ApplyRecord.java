package dev.talosforge.provenance;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.provenance.StagePlan.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
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
    private static final String RECORD = "record of the last apply";
    private static final int FORMAT = 2;
    private static final int MAX_BYTES = 4 << 20;

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
        return state.resolveSibling(state.getFileName() + ".forge.json");
    }

    /** Why the record of the last apply cannot be read and is ignored; null if it can. */
    public static @Nullable String damage(Path state) throws IOException {
        String as = "%s %s and is ignored: %s";
        try {
            readWhole(state);
            return null;
        } catch (FormatException e) {
            return as.formatted(recordOf(state), "is damaged", e.getMessage());
        } catch (NewerRecordException e) {
            return as.formatted(recordOf(state), "cannot be read", e.getMessage());
        }
    }

    /** The record of the last apply; null if there is none, or it cannot be read. */
    public static @Nullable ApplyRecord read(Path state) throws IOException {
        try {
            return readWhole(state);
        } catch (FormatException | NewerRecordException e) {
            return null; // only a memory: see damage
        }
    }

    private static @Nullable ApplyRecord readWhole(Path state) throws IOException, NewerRecordException {
        byte[] bytes;
        try {
            bytes = ByteSource.of(recordOf(state)).readAll(RECORD, MAX_BYTES);
        } catch (NoSuchFileException e) {
            return null;
        }
        JsonObject json = JsonReader.readObject(RECORD, bytes);
        Publication publication = Publication.read(json.object("publication"));
        StageKind stage = json.get("format") == null
                ? FirstFormat.stage(json.text("stage"))
                : RecordKey.find(StageKind.values(), json.text("stage"));
        if (json.get("format") == null) {
            return new ApplyRecord(known("stage", stage), FirstFormat.parts(json.object("parts")), publication);
        }
        long format = known("format", json.whole("format"));
        if (format != FORMAT) {
            throw NewerRecordException.ofFormat(format, FORMAT);
        }
        JsonArray parts = known("made_of", json.get("made_of") instanceof JsonArray array ? array : null);
        try {
            return new ApplyRecord(known("stage", stage), PartReader.parts(parts.items()), publication);
        } catch (IllegalArgumentException e) {
            throw new FormatException(RECORD, 0, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T known(String name, @Nullable T value) throws FormatException {
        if (value == null) {
            throw new FormatException(RECORD, 0, "\"%s\" is missing or cannot be read".formatted(name));
        }
        return value;
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
