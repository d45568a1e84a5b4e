package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.source.SourceTrace;
import dev.talosforge.config.source.UnitSource;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Where;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A stage's inputs with their defaults. What is wrong, and what nobody asked for, is said at the end, all at once. */
public final class InputReader {
    public static final String CATALOG = "catalog_path";

    /** Known to every stage. */
    static final List<String> COMMON = List.of(CATALOG);

    private final Unit unit;
    private final Inputs inputs;
    private final List<String> outside;
    private final PartPlaces places;
    private final boolean looking;
    private final Set<String> overridden;

    /**
     * Reads a unit's inputs.
     *
     * @param overrides set from outside, for every unit of the tree: they win, and a stage that does not know one does
     *     not mind
     */
    public InputReader(Unit unit, SortedMap<String, Value> overrides) {
        this(unit, overrides, false);
    }

    /** A reader for which values that are not known yet are no problem: {@link #finish} tells of them. */
    public static InputReader forLooking(Unit unit, SortedMap<String, Value> overrides) {
        return new InputReader(unit, overrides, true);
    }

    /** Some inputs have no values before other units are applied, so that no more can be said of them. */
    public static final class NotKnownYet extends RuntimeException {
        private final SortedSet<String> names;

        private NotKnownYet(SortedSet<String> names) {
            super("not known yet: " + String.join(", ", names));
            this.names = names;
        }

        public SortedSet<String> names() {
            return names;
        }
    }

    private InputReader(Unit unit, SortedMap<String, Value> overrides, boolean looking) {
        SequencedMap<String, Value> values = InputOverrides.ofStage(unit, overrides);
        List<String> added = new ArrayList<>(values.keySet());
        added.removeAll(unit.inputs().keySet());
        this.unit = unit;
        this.outside = List.copyOf(added);
        this.overridden = Set.copyOf(overrides.keySet());
        this.places = new PartPlaces(unit);
        Unit complete = unit.with(values);
        SortedMap<String, Remedy> settings = OutsideInputs.settings(overrides);
        this.inputs = looking ? Inputs.forLooking(complete, settings) : Inputs.of(complete, settings);
        this.inputs.meanings(TheirInputs.meanings(unit.module()));
        this.looking = looking;
    }

    /** The unit's folder, from which relative paths are. */
    Path directory() {
        return unit.directory();
    }

    /** Where a file of the unit is, or what else it names from its folder. */
    Path onDisk(String path) {
        return unit.onDisk(path);
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
        return overridden.contains(name)
                || unit.mockedDependencies().isEmpty()
                || UnitSource.of(unit, new SourceTrace()).isReal(name, unit);
    }

    /** Empty is as good as not set: that is how modules pass on what their callers leave out. */
    @Nullable
    public String optional(String name) {
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

    /** As {@link #value}, of what is neither text nor a number nor a bool. */
    @Nullable
    Value composed(String name) {
        return inputs.composed(name, "a list or a map");
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
        wrong(part, place(name, part), why, remedy);
    }

    /** The same of what is written in another file, or at a place that the caller knows. */
    void wrong(String part, Where.@Nullable Source where, String why, @Nullable String remedy) {
        inputs.problem(part, where, "it " + why, remedy);
    }

    /** A member that nobody knows: its name is what is wrong. */
    void unknownMember(String name, String part, String why, @Nullable String remedy) {
        wrong(part, namePlace(name, part), why, remedy);
    }

    /** Where the name of a member is written. */
    Where.@Nullable Source namePlace(String name, String part) {
        return isFromOutside(name) ? null : places.of(name, PartPlaces.way(name, part), true);
    }

    /** Where a part is written, or the nearest that is written around it; null where it comes from outside. */
    Where.@Nullable Source place(String name, String part) {
        return place(name, PartPlaces.way(name, part));
    }

    /** The same by the names and numbers on the way to it. */
    Where.@Nullable Source place(String name, List<String> way) {
        return isFromOutside(name) ? unit.places().get(name) : places.of(name, way, false);
    }

    private boolean isFromOutside(String name) {
        return overridden.contains(name);
    }

    /** An input that is there and wrong. */
    void wrong(String name, String why) {
        if (!inputs.isUnread(name) && (!looking || !inputs.notKnownYet().contains(name))) {
            inputs.problem(name, "it " + why, null);
        }
    }

    /** To be called when everything was asked for: fails with all that is wrong. */
    void finish() {
        List<Problem> problems = new ArrayList<>(inputs.problems());
        optional(CATALOG);
        inputs.alsoKnown(outside);
        problems.addAll(inputs.unknown(TheirInputs.unused(unit.module())));
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        if (looking && !inputs.notKnownYet().isEmpty()) {
            throw new NotKnownYet(inputs.notKnownYet());
        }
    }
}
