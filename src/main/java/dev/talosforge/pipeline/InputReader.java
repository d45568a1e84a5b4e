package dev.talosforge.pipeline;

import dev.talosforge.config.Inputs;
import dev.talosforge.config.Unit;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A stage's inputs with their defaults. What is wrong, and what nobody asked for, is said at the end, all at once. */
final class InputReader {
    static final String CATALOG = "catalog_path";

    /** Known to every stage. */
    static final List<String> COMMON = List.of(CATALOG);

    private final Unit unit;
    private final Inputs inputs;
    private final List<String> outside;

    /**
     * Reads a unit's inputs.
     *
     * @param overrides set from outside, for every unit of the tree: they win, and a stage that does not know one does
     *     not mind
     */
    InputReader(Unit unit, SortedMap<String, Value> overrides) {
        SequencedMap<String, Value> values = Overridden.ofStage(unit, overrides);
        List<String> added = new ArrayList<>(values.keySet());
        added.removeAll(unit.inputs().keySet());
        this.unit = unit;
        this.outside = List.copyOf(added);
        this.inputs = Inputs.of(new Unit(
                unit.directory(),
                unit.name(),
                unit.source(),
                unit.module(),
                values,
                unit.places(),
                unit.dependencies(),
                unit.includes(),
                unit.remoteState(),
                unit.skipped(),
                unit.notes()));
    }

    /** The unit's folder, from which relative paths are. */
    Path directory() {
        return unit.directory();
    }

    /** Empty when it is missing or empty, which is reported. */
    String required(String name) {
        String text = inputs.text(name);
        if (inputs.value(name) instanceof Value.Text(String given) && given.isEmpty()) {
            wrong(name, "is empty");
        }
        return text;
    }

    /** Empty is as good as not set: that is how modules pass on what their callers leave out. */
    @Nullable
    String optional(String name) {
        String text = inputs.optionalText(name);
        return text == null || text.isEmpty() ? null : text;
    }

    String text(String name, String otherwise) {
        String text = optional(name);
        return text == null ? otherwise : text;
    }

    List<String> texts(String name) {
        return inputs.optionalTexts(name);
    }

    SequencedMap<String, String> map(String name) {
        return inputs.optionalTextMap(name);
    }

    /** An input that is there and wrong. */
    void wrong(String name, String why) {
        inputs.problem(name, "it " + why, null);
    }

    /** To be called when everything was asked for: fails with all that is wrong. */
    void finish() {
        List<Problem> problems = new ArrayList<>(inputs.problems());
        optional(CATALOG);
        inputs.alsoKnown(outside);
        problems.addAll(inputs.unknown());
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }
}
