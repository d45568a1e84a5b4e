package dev.talosforge.provenance;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.provenance.StagePlan.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's result is made of, by name and in order. Recorded beside the state with each apply; the next plan
 * compares with it. What an earlier version of this program recorded is read, too: there, details and the publication are
 * missing.
 */
public final class ApplyRecord {
    /** Behind the name of an image that stays in the store. */
    public static final String NOT_PUSHED = " (not pushed)";

    private static final String RECORD = "record of the last apply";
    private static final int MAX_BYTES = 4 << 20;

    private final String stage;
    private final SequencedMap<String, String> parts = new LinkedHashMap<>();
    private @Nullable Publication publication;

    public ApplyRecord(String stage) {
        this.stage = stage;
    }

    /** What an output says that nothing is made of; recorded also where it is empty, so that a change can be seen. */
    public void addOutput(String name, @Nullable String value) {
        add(PlanDiff.OUTPUT + name, value == null ? "" : value);
    }

    /** A part that is given twice under one name keeps both values. */
    public void add(String name, String value) {
        parts.merge(name, value, (first, second) -> first + ", " + second);
    }

    public StagePlan plan(String unit, @Nullable ApplyRecord before) {
        List<Line> lines = new ArrayList<>();
        parts.forEach((name, value) -> {
            if (!PlanDiff.isDetail(name) && !value.isEmpty()) {
                lines.add(new Line(name, value));
            }
        });
        return new StagePlan(
                unit,
                stage,
                lines,
                before == null ? List.of() : PlanDiff.between(before.parts, parts),
                before == null ? StagePlan.Basis.NEVER_APPLIED : StagePlan.Basis.LAST_APPLY);
    }

    /** Whether an image was made for a registry and not pushed. */
    public boolean isKept() {
        return parts.values().stream().anyMatch(value -> value.endsWith(NOT_PUSHED));
    }

    /** What was delivered and when; null where it was not recorded. */
    @Nullable
    public Publication publication() {
        return publication;
    }

    /** Where it is recorded: beside the state. */
    public static Path recordOf(Path state) {
        return state.resolveSibling(state.getFileName() + ".forge.json");
    }

    /** Why what the last apply recorded cannot be read, and counts as nothing; null where it can. */
    public static @Nullable String damage(Path state) throws IOException {
        Path file = recordOf(state);
        try {
            JsonReader.readObject(RECORD, ByteSource.of(file).readAll(RECORD, MAX_BYTES));
            return null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (FormatException e) {
            return "%s is damaged, and counts as if nothing were recorded: %s".formatted(file, e.getMessage());
        }
    }

    /** What the last apply recorded, or null. */
    public static @Nullable ApplyRecord read(Path state) throws IOException {
        byte[] bytes;
        try {
            bytes = ByteSource.of(recordOf(state)).readAll(RECORD, MAX_BYTES);
        } catch (NoSuchFileException e) {
            return null;
        }
        JsonObject json;
        try {
            json = JsonReader.readObject(RECORD, bytes);
        } catch (FormatException e) {
            return null; // only a memory: see damage
        }
        String stage = json.text("stage");
        ApplyRecord record = new ApplyRecord(stage == null ? "" : stage);
        JsonObject parts = json.object("parts");
        if (parts != null) {
            parts.members().forEach((name, value) -> {
                if (value instanceof JsonText(String text)) {
                    record.parts.put(name, text);
                }
            });
        }
        record.publication = Publication.read(json.object("publication"));
        return record;
    }

    /**
     * Records it.
     *
     * @param delivered null where that is not known
     */
    public void write(Path state, @Nullable Publication delivered) throws IOException {
        Json.Builder json = Json.object().put("stage", stage).put("parts", Json.ofMap(parts));
        if (delivered != null) {
            json.put("publication", delivered.toJson());
        }
        String text = json.build().pretty();
        WholeFile.write(recordOf(state), text.getBytes(StandardCharsets.UTF_8));
    }
}
