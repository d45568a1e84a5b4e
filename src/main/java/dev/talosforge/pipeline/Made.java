package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.StagePlan.Change;
import dev.talosforge.pipeline.StagePlan.Kind;
import dev.talosforge.pipeline.StagePlan.Line;
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
 * compares with it.
 */
final class Made {
    private static final int MAX_BYTES = 4 << 20;

    private final String stage;
    private final SequencedMap<String, String> parts = new LinkedHashMap<>();

    Made(String stage) {
        this.stage = stage;
    }

    /** A part that is given twice under one name keeps both values. */
    void add(String name, String value) {
        parts.merge(name, value, (first, second) -> first + ", " + second);
    }

    StagePlan plan(String unit, @Nullable Made before) {
        List<Line> lines = new ArrayList<>();
        parts.forEach((name, value) -> lines.add(new Line(name, value)));
        return new StagePlan(unit, stage, lines, before == null ? List.of() : changes(before), before != null);
    }

    private List<Change> changes(Made before) {
        List<Change> changes = new ArrayList<>();
        parts.forEach((name, value) -> {
            String old = before.parts.get(name);
            if (old == null) {
                changes.add(new Change(Kind.ADDED, name, "", value));
            } else if (!old.equals(value)) {
                changes.add(new Change(Kind.CHANGED, name, old, value));
            }
        });
        before.parts.forEach((name, value) -> {
            if (!parts.containsKey(name)) {
                changes.add(new Change(Kind.REMOVED, name, value, ""));
            }
        });
        return changes;
    }

    /** Where it is recorded: beside the state. */
    static Path recordOf(Path state) {
        return state.resolveSibling(state.getFileName() + ".forge.json");
    }

    /** What the last apply recorded, or null. */
    static @Nullable Made read(Path state) throws IOException {
        byte[] bytes;
        try {
            bytes = ByteSource.of(recordOf(state)).readAll("record of the last apply", MAX_BYTES);
        } catch (NoSuchFileException e) {
            return null;
        }
        JsonObject json = JsonReader.readObject("record of the last apply", bytes);
        String stage = json.text("stage");
        Made made = new Made(stage == null ? "" : stage);
        JsonObject parts = json.object("parts");
        if (parts != null) {
            parts.members().forEach((name, value) -> {
                if (value instanceof JsonText(String text)) {
                    made.parts.put(name, text);
                }
            });
        }
        return made;
    }

    void write(Path state) throws IOException {
        String text = Json.object()
                .put("stage", stage)
                .put("parts", Json.ofMap(parts))
                .build()
                .pretty();
        WholeFile.write(
                ByteSource.of(text.getBytes(StandardCharsets.UTF_8)), recordOf(state), WholeFile.Progress.none());
    }
}
