package dev.talosforge.pipeline.request;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.stage.Stage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants of one stage. {@link RequestReader} reads it from JSON.
 *
 * @param name how messages call the unit
 * @param folder absolute, which relative paths are from; need not exist
 * @param inputs without those that are not set
 * @param last what an earlier apply answered as its record; null if there was none
 * @param answerFile absolute, for a copy of an apply's answer; null for none
 */
public record StageRequest(
        StageModule module,
        String name,
        Path folder,
        SequencedMap<String, Value> inputs,
        @Nullable LastApply last,
        @Nullable Path answerFile) {
    public StageRequest {
        inputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(inputs));
    }

    /** The same, under another name. */
    public StageRequest called(String other) {
        return new StageRequest(module, other, folder, inputs, last, answerFile);
    }

    /** The same, with paths from another folder. */
    public StageRequest in(Path other) {
        return new StageRequest(module, name, other, inputs, last, answerFile);
    }

    /** The unit that a tree would have with these inputs. */
    Unit unit() {
        return Unit.given(folder, name, module.module(), inputs);
    }

    Stage stage() {
        return Stage.of(unit(), new TreeMap<>(), UnitPins.none());
    }
}
