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

/** A stage's inputs with their defaults. Wrong and unknown inputs are reported at the end, all at once. */
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
     * @param overrides set from outside, for every unit of the tree: they win, and a stage ignores those it does not
     *     know
     */
    public InputReader(Unit unit, SortedMap<String, Value> overrides) {
        this(unit, overrides, false);
    }

    /** A reader for which unknown values are no problem: {@link #finish} returns them. */
    public static InputReader forLooking(Unit unit, SortedMap<String, Value> overrides) {
        return new InputReader(unit, overrides, true);
    }

    /** Some inputs have no values before other units are applied, so they cannot be checked further. */
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

    /** The path of a file that the unit names from its folder. */
    Path onDisk(String path) {
        return unit.onDisk(path);
    }

    /** Whether a caller gave the inputs as values: no file contains them. */
    boolean isGiven() {
        return unit.given();
    }

    /**
     * How a file or folder that is read is named, in messages and in what is recorded: as it is written. The absolute path in a
     * value that is given depends on the machine, so there it is the path from the unit's folder, or else the last name.
     */
    String named(String path) {
        if (!unit.given() || !Path.of(path).isAbsolute()) {
            return path;
        }
        Path absolute = Path.of(path).normalize();
        return absolute.startsWith(directory()) && !absolute.equals(directory())
                ? directory().relativize(absolute).toString()
                : String.valueOf(absolute.getFileName());
    }

    /** The folder that {@link #named} is relative to. */
    Path folderOf(String path, String named) {
        Path parent = Path.of(path).normalize().getParent();
        return named.equals(path) || parent == null || Path.of(path).normalize().startsWith(directory())
                ? directory()
                : parent;
    }

    /** Empty if it is missing or empty, which is reported. */
    String required(String name) {
        String text = inputs.text(name);
        if (inputs.value(name) instanceof Value.Text(String given) && given.isEmpty()) {
            wrong(name, "is empty");
        }
        return text;
    }

    /** Whether the value is what an apply would use: known, not a mock, and not derived from one. */
    boolean isReal(String name) {
        if (looking && inputs.notKnownYet().contains(name)) {
            return false;
        }
        return overridden.contains(name)
                || unit.mockedDependencies().isEmpty()
                || UnitSource.of(unit, new SourceTrace()).isReal(name, unit);
    }

    /** Empty counts as not set: modules pass on values this way if their callers leave them out. */
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

    /** The value as it is; null if there is none, or it is not known yet. */
    @Nullable
    Value value(String name) {
        return inputs.value(name);
    }

    /** Like {@link #value}, for a list or a map. */
    @Nullable
    Value composed(String name) {
        return inputs.composed(name, "a list or a map");
    }

    /** An input of earlier versions. */
    void gone(String name, String why) {
        inputs.gone(name, "it " + why);
    }

    /**
     * Reports a wrong part of an input.
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

    /** Reports an unknown member at its name. */
    void unknownMember(String name, String part, String why, @Nullable String remedy) {
        wrong(part, namePlace(name, part), why, remedy);
    }

    /** Where the name of a member is written. */
    Where.@Nullable Source namePlace(String name, String part) {
        return isFromOutside(name) ? null : places.of(name, PartPlaces.way(name, part), true);
    }

    /** Where a part is written, or the nearest place around it; null if it comes from outside. */
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

    /** Reports a wrong input. */
    void wrong(String name, String why) {
        if (!inputs.isUnread(name) && (!looking || !inputs.notKnownYet().contains(name))) {
            inputs.problem(name, "it " + why, null);
        }
    }

    /** To be called after all inputs were read: fails with everything that is wrong. */
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
