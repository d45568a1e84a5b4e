package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the evaluations of one workspace share. Not thread-safe; what it shares with other runs is. */
public final class EvaluationRun {
    private static final int MAX_FILES_IN_EACH_OTHER = 50;

    private final Path root;
    private final EvaluationSettings settings;
    private final EvaluationCache cache;
    private final Map<Path, KeptValue> sharedValues;
    private final OtherFiles others;
    private final SeenFiles seen;
    private final Map<Path, KeptValue> ownValues = new HashMap<>();
    private final Map<Path, StateHome> stateHomes = new HashMap<>();
    private final List<Path> reading = new ArrayList<>();
    private List<Problem> unsupported = new ArrayList<>();
    private final Map<Path, SortedSet<String>> used = new TreeMap<>();
    private Budget budget = new Budget();
    private int readsOnBehalf;
    private int readsOfOutputs;

    /** What one file needs from others, which may need any file in turn: evaluated by the packages above. */
    public interface OtherFiles {
        /** Everything that a file shows to one that reads it. */
        Value whole(EvaluationRun run, FileContext context, Range at);

        /**
         * What a stack's file generates; throws its problems.
         *
         * @param self the component that the folder is; null for a stack that no other stack generates
         */
        Stack stack(EvaluationRun run, Path folder, @Nullable Component self);

        /** The source of a unit's module; null if there is none. */
        @Nullable
        String source(EvaluationRun run, Path unit);

        StateHome stateHome(EvaluationRun run, Path unit);
    }

    public EvaluationRun(Path root, EvaluationSettings settings, EvaluationCache cache, OtherFiles others) {
        this.root = root;
        this.settings = settings;
        this.cache = cache;
        this.sharedValues = cache.values(settings);
        this.others = others;
        this.seen = new SeenFiles(cache, cache.stacks(settings), this::stack);
    }

    public Path root() {
        return root;
    }

    public EvaluationSettings settings() {
        return settings;
    }

    /** Files as units see them. */
    public SeenFiles seen() {
        return seen;
    }

    public Budget budget() {
        return budget;
    }

    /** Called for each output of another unit that an expression of this one reads. */
    public void uses(Path dependency, Collection<String> outputs) {
        used.computeIfAbsent(dependency, _ -> new TreeSet<>()).addAll(outputs);
    }

    public SortedSet<String> used(Path dependency) {
        return used.getOrDefault(dependency, Collections.emptySortedSet());
    }

    public void nextUnit() {
        used.clear();
        budget = new Budget();
        unsupported = new ArrayList<>();
    }

    /** The output of a program, null if programs do not run; the same command in the same folder runs once. */
    public @Nullable String output(List<String> command, Path directory, Repetition repetition) {
        return repetition == Repetition.EACH_TIME
                ? settings.programs().run(command, directory)
                : cache.output(settings.programs(), command, directory, repetition == Repetition.ONCE);
    }

    /** How often a program runs that is called several times. */
    public enum Repetition {
        EACH_TIME,
        ONCE_FOR_EACH_FOLDER,
        ONCE
    }

    /** Called by evaluations that depend on the unit that the run started with: their results are not kept. */
    public void dependsOnTheOriginal() {
        readsOnBehalf++;
    }

    /** Called by evaluations that depend on recorded outputs: their results are kept for this workspace only. */
    public void dependsOnOutputs() {
        readsOfOutputs++;
    }

    /** Evaluates something whose unsupported parts do not concern the current unit. */
    private <T> T apart(Supplier<T> evaluate) {
        List<Problem> outer = unsupported;
        unsupported = new ArrayList<>();
        try {
            return evaluate.get();
        } finally {
            unsupported = outer;
        }
    }

    /**
     * Reports something that has no value here, because it is not supported. Whether that matters is decided for the
     * unit.
     */
    public Value unsupported(Problem problem) {
        unsupported.add(problem);
        return Value.unknown();
    }

    /** What the current unit needed and is not supported. */
    public List<Problem> unsupported() {
        return unsupported.stream().distinct().toList();
    }

    /** What a file shows to one that reads it, see {@link #read}. */
    public Value whole(FileContext context, Range at) {
        return others.whole(this, context, at);
    }

    /** The value of a file, evaluated once unless it depends on the reader. A file that reads itself is a problem. */
    public Value read(Path file, Range at, Supplier<Value> evaluate) {
        KeptValue known = ownValues.get(file);
        known = known != null ? known : sharedValues.get(file);
        if (known != null) {
            unsupported.addAll(known.unsupported());
            readsOfOutputs += known.fromOutputs() ? 1 : 0;
            return known.value();
        }
        int onBehalf = readsOnBehalf;
        int ofOutputs = readsOfOutputs;
        int before = unsupported.size();
        Value value = within(file, at, evaluate);
        cache.evaluatedOne();
        if (readsOnBehalf == onBehalf) {
            boolean fromOutputs = readsOfOutputs != ofOutputs;
            List<Problem> added = List.copyOf(unsupported.subList(before, unsupported.size()));
            (fromOutputs ? ownValues : sharedValues).put(file, new KeptValue(value, added, fromOutputs));
        }
        return value;
    }

    /** Where another unit keeps its state. What else that unit needs does not concern the current unit. */
    public StateHome stateHome(Path directory) {
        StateHome known = stateHomes.get(directory);
        if (known == null) {
            known = apart(() -> others.stateHome(this, directory));
            stateHomes.put(directory, known);
        }
        return known;
    }

    /** The command that creates a unit's outputs: ours, or that of the tool that runs it. */
    public Remedy applying(Path directory) {
        return settings.owns(moduleOf(directory))
                ? Remedy.command(Verb.APPLY).in(slashed(directory))
                : new Remedy.Text("cd '" + slashed(directory) + "' && terragrunt apply");
    }

    private @Nullable String moduleOf(Path directory) {
        try {
            StateHome known = stateHomes.get(directory);
            String source = known == null || known.source() == null ? others.source(this, directory) : known.source();
            return source == null ? null : Unit.moduleOf(source);
        } catch (BuildException e) {
            return settings.ownModules().isEmpty()
                    ? null
                    : settings.ownModules().first(); // reported there
        }
    }

    private SeenFiles.ReadStack stack(Path folder, @Nullable Component self) {
        int before = readsOfOutputs;
        Stack stack = apart(() -> {
            try {
                return others.stack(this, folder, self);
            } catch (BuildException e) {
                return Stack.broken(folder, e.problems());
            }
        });
        return new SeenFiles.ReadStack(stack, readsOfOutputs != before);
    }

    /** Prevents files from reading or including each other. */
    public <T> T within(Path file, Range at, Supplier<T> evaluate) {
        if (reading.contains(file)) {
            List<Path> cycle = new ArrayList<>(reading.subList(reading.indexOf(file), reading.size()));
            cycle.add(file);
            throw at.problem(
                    "cannot read " + file,
                    "the file needs itself: "
                            + String.join(
                                    " -> ", cycle.stream().map(this::shown).toList()),
                    null);
        }
        if (reading.size() == MAX_FILES_IN_EACH_OTHER) {
            throw at.problem(
                    "cannot read " + file,
                    "more than %d files read each other".formatted(MAX_FILES_IN_EACH_OTHER),
                    null);
        }
        reading.add(file);
        try {
            return evaluate.get();
        } finally {
            reading.removeLast();
        }
    }

    /** A path in words: relative to where the run started if it is below. */
    public String shown(Path path) {
        if (path.equals(root)) {
            return nameOf(root);
        }
        return slashed(path.startsWith(root) ? root.relativize(path) : path);
    }

    /**
     * The name of the folder that the command names: its own name, whether it is on disk or only in a stack; a dot if a
     * unit below it has that name.
     */
    public static String nameOf(Path root) {
        Path name = root.getFileName();
        return name == null || isUnitOnDisk(root.resolve(name)) ? "." : name.toString();
    }

    private static boolean isUnitOnDisk(Path folder) {
        return Files.isRegularFile(Unit.fileIn(folder));
    }

    public static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    /** The nearest folder from {@code start} upwards that contains {@code .git}; null if there is none. */
    public static @Nullable Path repositoryRoot(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"))) {
                return folder;
            }
        }
        return null;
    }
}
