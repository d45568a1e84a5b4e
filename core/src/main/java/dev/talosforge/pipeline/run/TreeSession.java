package dev.talosforge.pipeline.run;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.EvaluationCache;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.pipeline.inputs.InputOverrides;
import dev.talosforge.pipeline.inputs.StageInputNames;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.pin.UnitReferences;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tree on behalf of one command.
 *
 * @param mocks what stands in for outputs that are not there, when a unit's turn has come
 * @param states of the workspace that the run reads and records
 * @param workspace for looking only, by one thread
 */
public record TreeSession(Opening opening, MockPolicy mocks, StateReader states, Workspace workspace, UnitTree tree) {
    private static final Set<String> VARIANT = Set.of("talos_version", "installer_tag");

    /**
     * How workspaces of a run are opened.
     *
     * @param cache what they share
     */
    record Opening(RunSettings settings, String command, EvaluationCache cache) {
        Workspace at(Path root, MockPolicy mocks, StateReader states) {
            return at(root, mocks, states::outputs);
        }

        Workspace at(Path root, MockPolicy mocks, OutputsSource outputs) {
            boolean acts = mocks == MockPolicy.REAL_ONLY || settings.programsAlways();
            return Workspace.open(
                    root,
                    new EvaluationSettings(
                            command,
                            settings.environment(),
                            outputs,
                            mocks,
                            acts ? settings.programs() : ProgramRunner.refused(),
                            settings.features(),
                            StageModule.modules(),
                            settings.wording()),
                    cache);
        }
    }

    /** All units at or below a folder. */
    public static TreeSession at(Path root, String command, MockPolicy mocks, RunSettings settings) {
        Opening opening = new Opening(settings, command, new EvaluationCache());
        Workspace plain = opening.at(root, MockPolicy.UNKNOWN_ALLOWED, new StateReader(null));
        UnitTree tree = UnitTree.discover(plain, new StateReader(null));
        if (mocks == MockPolicy.REAL_ONLY) {
            tree.checkOrder();
        }
        return of(opening, mocks, plain, tree);
    }

    /** Whether a folder holds a unit, on the disk or as a stack makes it. */
    public static boolean isUnit(Path folder, RunSettings settings) {
        return new Opening(settings, "plan", new EvaluationCache())
                .at(folder, MockPolicy.UNKNOWN_ALLOWED, new StateReader(null))
                .isUnit(folder);
    }

    /** The unit in the folder and nothing else; the folder has to be one. */
    public static TreeSession atOne(Path folder, String command, MockPolicy mocks, RunSettings settings) {
        Opening opening = new Opening(settings, command, new EvaluationCache());
        Workspace plain = opening.at(folder, MockPolicy.UNKNOWN_ALLOWED, new StateReader(null));
        if (!plain.isUnit(folder)) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.INVALID_INPUT, "cannot %s %s".formatted(command, folder))
                            .because("it is no unit: it has no " + UnitFiles.FILE_NAME)
                            .trying(Remedy.sentence(
                                    "run it in a unit's folder, or: ",
                                    Remedy.command(Verb.named(command)).ofAll())));
        }
        return of(opening, mocks, plain, UnitTree.one(plain, folder));
    }

    private static TreeSession of(Opening opening, MockPolicy mocks, Workspace plain, UnitTree tree) {
        checkAsked(opening.settings(), plain, tree);
        StateReader states = states(plain, tree, opening.settings());
        MockPolicy looks = mocks == MockPolicy.REAL_ONLY ? MockPolicy.UNKNOWN_ALLOWED : mocks;
        return new TreeSession(opening, mocks, states, opening.at(plain.root(), looks, states), tree);
    }

    public RunSettings settings() {
        return opening.settings();
    }

    /** An input that is set from outside for this run, and that nobody knows, is misspelt. */
    private static void checkAsked(RunSettings settings, Workspace workspace, UnitTree tree) {
        SortedSet<String> unknown = new TreeSet<>(settings.asked());
        SortedSet<String> known = StageInputNames.all();
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            tree.nodes().forEach(node -> known.addAll(inputsSetBy(workspace, node)));
        }
        unknown.removeAll(known);
        List<Problem> problems = unknown.stream()
                .map(name -> Problem.failed(
                                Problem.Kind.INVALID_INPUT,
                                "unknown input \"%s\" of %s"
                                        .formatted(name, settings.wording().of(RunOption.VARIABLE)))
                        .because("no stage knows it, and no unit in %s sets it".formatted(workspace.root()))
                        .trying(NearestName.suggestion(name, known)))
                .toList();
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }

    private static Set<String> inputsSetBy(Workspace workspace, UnitTree.Node node) {
        try {
            return workspace.evaluate(node.directory()).inputs().keySet();
        } catch (BuildException e) {
            return Set.of(); // Told when the unit's turn comes.
        }
    }

    /** The outputs of another Talos are read and recorded beside the shared ones, under its name. */
    private static StateReader states(Workspace plain, UnitTree tree, RunSettings settings) {
        return new StateReader(workspaceOf(plain, tree, settings), settings.environment());
    }

    private static @Nullable String workspaceOf(Workspace plain, UnitTree tree, RunSettings settings) {
        SortedMap<String, Value> overrides = settings.overrides();
        if (settings.workspace() != null || overrides.keySet().stream().noneMatch(VARIANT::contains)) {
            return settings.workspace();
        }
        for (UnitTree.Node node : tree.nodes()) {
            String variant = node.ours() && node.problems().isEmpty() ? variant(plain, node, overrides) : null;
            if (variant != null) {
                return variant;
            }
        }
        return null;
    }

    private static @Nullable String variant(Workspace plain, UnitTree.Node node, SortedMap<String, Value> overrides) {
        try {
            return InputOverrides.variant(plain.evaluate(node.directory()), overrides);
        } catch (BuildException e) {
            return null; // Told when the unit's turn comes.
        }
    }

    /** A unit with what is recorded by now. May be called by several threads. */
    public Unit evaluate(UnitTree.Node node) {
        return opening.at(workspace.root(), mocks, states).evaluate(node.directory());
    }

    /** What the tree's lock says of the images that a unit names. */
    public UnitPins pins(UnitTree.Node node) throws IOException {
        LockLocation place = settings().lock();
        Path file = place.in(LockLocation.rootOf(node.directory(), tree.root()));
        return UnitPins.of(
                node.module(),
                place,
                file,
                settings().wording(),
                () -> UnitReferences.of(alone(node), settings().overrides()));
    }

    /** A unit by what it says itself, as for a plan: what comes from other units is not known. */
    public Unit alone(UnitTree.Node node) {
        return new Opening(settings(), "plan", opening.cache())
                .at(workspace.root(), MockPolicy.NOTHING_KNOWN, states)
                .evaluate(node.directory());
    }

    /**
     * A unit with what is known before others are applied: no mocks stand in.
     *
     * @param foreseen outputs that units will have which change, by the unit's folder; what they have now is not known
     *     to stay
     */
    public Unit foreseen(UnitTree.Node node, Map<Path, SortedMap<String, Value>> foreseen) {
        OutputsSource outputs = (unit, home) -> {
            SortedMap<String, Value> recorded = states.outputs(unit, home);
            SortedMap<String, Value> changing = foreseen.get(unit);
            if (changing == null) {
                return recorded;
            }
            SortedMap<String, Value> all = new TreeMap<>();
            if (recorded != null) {
                recorded.keySet().forEach(name -> all.put(name, Value.unknown()));
            }
            all.putAll(changing);
            return all;
        };
        return new Opening(settings(), "plan", opening.cache())
                .at(workspace.root(), MockPolicy.RECORDED_ONLY, outputs)
                .evaluate(node.directory());
    }

    /** To be used by one thread. */
    public UnitViews views() {
        Workspace own = opening.at(workspace.root(), MockPolicy.UNKNOWN_ALLOWED, states);
        return new UnitViews(own, tree, states, settings().overrides());
    }
}
