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
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A stage's inputs with their defaults. What is wrong, and what nobody asked for, is said at the end, all at once. */
final class InputReader {
    static final String CATALOG = "catalog_path";

    /** Known to every stage. */
    static final List<String> COMMON = List.of(CATALOG);

    private final Unit unit;
    private final Inputs inputs;
    private final List<String> outside;
    private final boolean looking;
    private final Set<String> overridden;

    /**
     * Reads a unit's inputs.
     *
     * @param overrides set from outside, for every unit of the tree: they win, and a stage that does not know one does
     *     not mind
     */
    InputReader(Unit unit, SortedMap<String, Value> overrides) {
        this(unit, overrides, false);
    }

    /** A reader for which values that are not known yet are no problem: {@link #finish} tells of them. */
    static InputReader forLooking(Unit unit, SortedMap<String, Value> overrides) {
        return new InputReader(unit, overrides, true);
    }

    /** Some inputs have no values before other units are applied, so that no more can be said of them. */
    static final class NotKnownYet extends RuntimeException {
        private final SortedSet<String> names;

        private NotKnownYet(SortedSet<String> names) {
            super("not known yet: " + String.join(", ", names));
            this.names = names;
        }

        SortedSet<String> names() {
            return names;
        }
    }

    private InputReader(Unit unit, SortedMap<String, Value> overrides, boolean looking) {
        SequencedMap<String, Value> values = Overridden.ofStage(unit, overrides);
        List<String> added = new ArrayList<>(values.keySet());
        added.removeAll(unit.inputs().keySet());
        this.unit = unit;
        this.outside = List.copyOf(added);
        Unit complete = new Unit(
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
                unit.hooks(),
                unit.notes());
        this.inputs = looking ? Inputs.forLooking(complete) : Inputs.of(complete);
        this.looking = looking;
        this.overridden = overrides.keySet();
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

    /** Whether the value is what an apply would use: no mock, nothing made of one, and known. */
    boolean isReal(String name) {
        if (looking && inputs.notKnownYet().contains(name)) {
            return false;
        }
        return unit.mockedDependencies().isEmpty()
                || new Subject(unit, WrittenUnit.of(unit, new Written()), null, overridden).isReal(name);
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

    boolean bool(String name, boolean otherwise) {
        return inputs.bool(name, otherwise);
    }

    SequencedMap<String, String> map(String name) {
        return inputs.optionalTextMap(name);
    }

    /** As it is; null when there is none, or it is not known yet. */
    @Nullable
    Value value(String name) {
        return inputs.value(name);
    }

    /** An input of earlier versions. */
    void gone(String name, String why) {
        inputs.gone(name, "it " + why);
    }

    /**
     * A part of an input that is there and wrong.
     *
     * @param part with the input's name: {@code "sources[2].mode"}
     */
    void wrong(String name, String part, String why, @Nullable String remedy) {
        inputs.problem(name, part, "it " + why, remedy);
    }

    /** An input that is there and wrong. */
    void wrong(String name, String why) {
        if (!looking || !inputs.notKnownYet().contains(name)) {
            inputs.problem(name, "it " + why, null);
        }
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
        if (looking && !inputs.notKnownYet().isEmpty()) {
            throw new NotKnownYet(inputs.notKnownYet());
        }
    }
}
