package dev.talosforge.pipeline;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.config.Dependency;
import dev.talosforge.config.MockPolicy;
import dev.talosforge.config.Programs;
import dev.talosforge.config.RemoteState;
import dev.talosforge.config.Settings;
import dev.talosforge.config.Unit;
import dev.talosforge.config.ValueJson;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.engine.Graph;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.state.StateFile;
import dev.talosforge.state.StateLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The product. Every front end calls this; nothing in it knows who called. Safe to be called twice at once. */
public final class Forge {
    private final Workshop workshop;
    private final SortedMap<String, String> environment;
    private final SortedMap<String, Value> overrides;
    private final Programs programs;

    /**
     * A forge.
     *
     * @param environment that units may read with {@code get_env}
     * @param overrides inputs set from outside
     * @param programs runs {@code run_cmd} and {@code sops_decrypt_file} during an apply
     */
    public Forge(Workshop workshop, Map<String, String> environment, Map<String, String> overrides, Programs programs) {
        this.workshop = workshop;
        this.environment = new TreeMap<>(environment);
        this.overrides = new TreeMap<>();
        overrides.forEach((name, text) -> this.overrides.put(name, Value.of(text)));
        this.programs = programs;
    }

    /** Evaluates every unit at or below a folder, and the inputs of those that are ours; all problems at once. */
    public List<UnitView> validate(Path directory) {
        List<Unit> units = evaluated(directory, "validate", MockPolicy.MOCKS_ALLOWED);
        checkCycles(directory, units);
        List<Problem> problems = new ArrayList<>();
        for (Unit unit : units) {
            try {
                Stage.of(unit, overrides).check();
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return units.stream().map(unit -> view(directory, unit)).toList();
    }

    /** Units at or below a folder and what they need; what is not known yet does not matter. */
    public List<UnitView> graph(Path directory) {
        List<Unit> units = evaluated(directory, "graph", MockPolicy.UNKNOWN_ALLOWED);
        checkCycles(directory, units);
        return units.stream().map(unit -> view(directory, unit)).toList();
    }

    /** What applying would do: of the unit in the folder, or of all units at or below it, each whatever others do. */
    public List<Planned> plan(Path directory, boolean all) throws InterruptedException {
        List<Unit> units = all
                ? ordered(directory, evaluated(directory, "plan", MockPolicy.MOCKS_ALLOWED))
                : List.of(evaluate(directory, directory, "plan", MockPolicy.MOCKS_ALLOWED));
        List<Planned> plans = new ArrayList<>();
        for (Unit unit : units) {
            plans.add(planned(nameOf(directory, unit.directory()), unit));
        }
        return plans;
    }

    private Planned planned(String name, Unit unit) throws InterruptedException {
        List<String> mocked = unit.mockedDependencies();
        try {
            StagePlan plan = Stage.of(unit, overrides)
                    .plan(workshop, name, Made.read(statePath(unit.directory(), unit.remoteState())));
            if (!mocked.isEmpty()) {
                workshop.events().warning(name, "mock outputs stand in for: " + String.join(", ", mocked));
            }
            return Planned.of(plan);
        } catch (Exception e) {
            if (Thread.interrupted() || Failures.interrupted(e)) {
                throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
            }
            List<Problem> problems = Failures.problems(e);
            if (!mocked.isEmpty() && !problems.isEmpty()) {
                // A mock names nothing that a registry has; what is real is seen when they are applied.
                workshop.events()
                        .warning(name, "cannot be planned before these are applied: " + String.join(", ", mocked));
            }
            return new Planned(name, null, problems, problems.isEmpty() ? e : null);
        }
    }

    /** Runs the unit in the folder. */
    public UnitResult apply(Path directory) throws InterruptedException {
        return applied(directory, directory);
    }

    /** Runs every unit at or below the folder that is ours, each after what it needs. */
    public List<UnitResult> applyAll(Path directory, Queue queue) throws InterruptedException {
        List<Unit> all = evaluated(directory, "plan", MockPolicy.UNKNOWN_ALLOWED);
        checkCycles(directory, all);
        List<Unit> units = queue.of(directory, all);
        if (units.isEmpty()) {
            throw noneLeft(directory);
        }
        Graph<Path> graph = graph(units);
        Map<Path, UnitResult> results = new java.util.concurrent.ConcurrentHashMap<>();
        SequencedMap<Path, Graph.Outcome> outcomes = graph.run(queue.parallelism(), queue.failFast(), folder -> {
            UnitResult result = applied(directory, folder);
            results.put(folder, result);
            if (result.ending() == UnitResult.Ending.FAILED) {
                throw new IOException("failed");
            }
        });
        List<UnitResult> inOrder = new ArrayList<>();
        for (Path folder : graph.order()) {
            UnitResult result = results.get(folder);
            if (result != null) {
                inOrder.add(result);
            } else if (outcomes.get(folder) instanceof Graph.Outcome.Skipped(String because)) {
                inOrder.add(new UnitResult(
                        nameOf(directory, folder),
                        UnitResult.Ending.SKIPPED,
                        new LinkedHashMap<>(),
                        List.of(),
                        nameOf(directory, Path.of(because)) + " did not end well",
                        null));
            } else if (outcomes.get(folder) instanceof Graph.Outcome.Failed(Throwable cause)) {
                if (cause instanceof InterruptedException) {
                    throw new InterruptedException("interrupted");
                }
                inOrder.add(failed(nameOf(directory, folder), List.of(), cause));
            }
        }
        return inOrder;
    }

    /** Recorded outputs of the unit in the folder, or of every unit below it, by unit. */
    public SequencedMap<String, SequencedMap<String, Json>> outputs(Path directory) throws IOException {
        Workspace workspace = workspace(directory, "output", MockPolicy.UNKNOWN_ALLOWED);
        SequencedMap<String, SequencedMap<String, Json>> all = new LinkedHashMap<>();
        for (Path folder : unitFolders(workspace, directory)) {
            SequencedMap<String, Json> recorded = StateFile.at(statePath(folder, workspace.remoteState(folder)))
                    .outputs();
            if (recorded != null && !recorded.isEmpty()) {
                all.put(nameOf(directory, folder), recorded);
            }
        }
        return all;
    }

    private UnitResult applied(Path root, Path folder) throws InterruptedException {
        String name = nameOf(root, folder);
        UnitResult.Ending ending = UnitResult.Ending.FAILED;
        try {
            UnitResult result = applying(root, folder, name);
            ending = result.ending();
            return result;
        } catch (Exception e) {
            // Programs that a unit runs tell of an interrupt by the thread's mark only.
            if (Thread.interrupted() || Failures.interrupted(e)) {
                throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
            }
            List<Problem> problems = Failures.problems(e);
            return failed(name, problems, problems.isEmpty() ? e : null);
        } finally {
            workshop.events().ended(name, ending.name().toLowerCase(Locale.ROOT));
        }
    }

    private static UnitResult failed(String name, List<Problem> problems, @Nullable Throwable bug) {
        return new UnitResult(name, UnitResult.Ending.FAILED, new LinkedHashMap<>(), problems, null, bug);
    }

    private UnitResult applying(Path root, Path folder, String name) throws Exception {
        Unit unit = evaluate(root, folder, "apply", MockPolicy.REAL_ONLY);
        Stage stage = Stage.of(unit, overrides);
        if (stage instanceof Stage.NotOurs || unit.skipped()) {
            String because = unit.skipped()
                    ? "the unit says so"
                    : unit.module() == null ? "it has no terraform block" : unit.module() + " is no stage of ours";
            return new UnitResult(name, UnitResult.Ending.NOT_OURS, new LinkedHashMap<>(), List.of(), because, null);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before " + name);
        }
        Path state = statePath(folder, unit.remoteState());
        try (StateLock lock = StateLock.take(state)) {
            StateFile file = StateFile.at(state);
            SequencedMap<String, Json> before = file.outputs();
            Stage.Applied applied = stage.apply(workshop, name, before == null ? new LinkedHashMap<>() : before);
            if (!lock.held()) {
                throw new IOException("the lock was lost");
            }
            file.record(applied.outputs());
            applied.made().write(state);
            return new UnitResult(name, UnitResult.Ending.APPLIED, applied.outputs(), List.of(), null, null);
        }
    }

    private Workspace workspace(Path root, String command, MockPolicy mocks) {
        return Workspace.open(
                root,
                new Settings(
                        command,
                        environment,
                        this::recorded,
                        mocks,
                        mocks == MockPolicy.REAL_ONLY ? programs : Programs.refused(),
                        overrides));
    }

    private @Nullable SortedMap<String, Value> recorded(Path unit, @Nullable RemoteState remote) {
        try {
            SequencedMap<String, Json> outputs =
                    StateFile.at(statePath(unit, remote)).outputs();
            if (outputs == null) {
                return null;
            }
            SortedMap<String, Value> values = new TreeMap<>();
            outputs.forEach((name, json) -> values.put(name, ValueJson.fromJson(json)));
            return values;
        } catch (IOException e) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.ENVIRONMENT,
                            "cannot read the recorded outputs of " + unit,
                            null,
                            String.valueOf(e.getMessage()),
                            null),
                    e);
        }
    }

    /** Units at or below a folder; a folder without any is a problem and not an empty success. */
    private List<Unit> evaluated(Path directory, String command, MockPolicy mocks) {
        Workspace workspace = workspace(directory, command, mocks);
        List<Unit> units = workspace.evaluateAll();
        if (units.isEmpty()) {
            throw noUnits(directory);
        }
        return units;
    }

    private static List<Path> unitFolders(Workspace workspace, Path directory) {
        List<Path> folders = workspace.units();
        if (folders.isEmpty()) {
            throw noUnits(directory);
        }
        return folders;
    }

    private static BuildException noUnits(Path directory) {
        return new BuildException(
                new Problem(
                        Problem.Kind.INVALID_INPUT,
                        "cannot find a unit in " + directory,
                        null,
                        "neither the folder nor one below it has a " + Workspace.FILE_NAME,
                        "name the folder of the tree: talos-forge -C DIR …"),
                null);
    }

    private static BuildException noneLeft(Path directory) {
        return new BuildException(
                new Problem(
                        Problem.Kind.INVALID_INPUT,
                        "cannot run anything in " + directory,
                        null,
                        "what is included and excluded leaves no unit",
                        "run: talos-forge graph   shows the units' names"),
                null);
    }

    private Unit evaluate(Path root, Path folder, String command, MockPolicy mocks) {
        if (!java.nio.file.Files.isRegularFile(folder.resolve(Workspace.FILE_NAME))) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.INVALID_INPUT,
                            "cannot %s %s".formatted(command, folder),
                            null,
                            "it is no unit: it has no " + Workspace.FILE_NAME,
                            "run it in a unit's folder, or: talos-forge run-all " + command),
                    null);
        }
        return workspace(root, command, mocks).evaluate(folder);
    }

    private static Graph<Path> graph(List<Unit> units) {
        Map<Path, Unit> byFolder = new TreeMap<>();
        units.forEach(unit -> byFolder.put(unit.directory(), unit));
        return Graph.of(byFolder.keySet(), folder -> {
            Unit unit = byFolder.get(folder);
            return unit == null
                    ? List.of()
                    : unit.dependencies().stream().map(Dependency::directory).toList();
        });
    }

    private static List<Unit> ordered(Path root, List<Unit> units) {
        checkCycles(root, units);
        Map<Path, Unit> byFolder = new TreeMap<>();
        units.forEach(unit -> byFolder.put(unit.directory(), unit));
        List<Unit> ordered = new ArrayList<>();
        for (Path folder : graph(units).order()) {
            Unit unit = byFolder.get(folder);
            if (unit != null) {
                ordered.add(unit);
            }
        }
        return ordered;
    }

    private static void checkCycles(Path root, List<Unit> units) {
        List<Path> cycle = graph(units).cycle();
        if (!cycle.isEmpty()) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.INVALID_INPUT,
                            "cannot order the units below " + root,
                            null,
                            "they depend on each other: "
                                    + String.join(
                                            " -> ",
                                            cycle.stream()
                                                    .map(folder -> nameOf(root, folder))
                                                    .toList()),
                            "remove one of these dependency blocks"),
                    null);
        }
    }

    private UnitView view(Path root, Unit unit) {
        Json.Builder inputs = Json.object();
        unit.inputs().forEach((name, value) -> inputs.put(name, ValueJson.toJson(value)));
        return new UnitView(
                nameOf(root, unit.directory()),
                unit.module(),
                !(Stage.of(unit, overrides) instanceof Stage.NotOurs),
                unit.dependencies().stream()
                        .map(dependency -> nameOf(root, dependency.directory()))
                        .toList(),
                unit.mockedDependencies(),
                unit.notes(),
                inputs.build());
    }

    /** Where a unit's state is: what a {@code local} backend says, else the unit's folder. */
    static Path statePath(Path unit, @Nullable RemoteState remote) {
        if (remote != null
                && remote.backend().equals("local")
                && remote.config().get("path") instanceof Value.Text(String path)) {
            return unit.resolve(path).normalize();
        }
        return unit.resolve("terraform.tfstate");
    }

    static String nameOf(Path root, Path folder) {
        String name = root.toAbsolutePath()
                .normalize()
                .relativize(folder.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
        return name.isEmpty() ? "." : name;
    }

    /** A digest that an earlier apply recorded, or null. */
    static @Nullable Sha256 digest(SequencedMap<String, Json> outputs, String name) {
        return outputs.get(name) instanceof JsonText(String hex) && hex.matches("[0-9a-f]{64}")
                ? new Sha256(hex)
                : null;
    }
}
