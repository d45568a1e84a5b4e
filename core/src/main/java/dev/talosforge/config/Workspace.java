package dev.talosforge.config;

import dev.talosforge.config.terragrunt.Discovery;
import dev.talosforge.config.terragrunt.EvaluatedFiles;
import dev.talosforge.config.terragrunt.UnitEvaluation;
import dev.talosforge.config.terragrunt.file.FileEvaluation;
import dev.talosforge.config.terragrunt.run.EvaluationCache;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tree of units. Files are parsed once in its life and shared files evaluated once, so it is made anew for each
 * command. Not for several threads; several workspaces may share what they read, see {@link EvaluationCache}.
 *
 * <p>A unit is a folder with a {@code terragrunt.hcl} or a {@code terragrunt.hcl.json}, unless that file is included by
 * one of another folder: then it only holds what others share. {@code .git}, {@code .terraform} and
 * {@code .terragrunt-cache} are not searched, and links to folders are not followed. The units of a stack
 * ({@code terragrunt.stack.hcl}) are where Terragrunt would make them; nothing is written for that.
 */
public final class Workspace {
    private final EvaluationRun run;
    private final EvaluationCache cache;

    private Workspace(EvaluationRun run, EvaluationCache cache) {
        this.run = run;
        this.cache = cache;
    }

    /** Opens the tree below a folder; nothing is read yet. */
    public static Workspace open(Path root, EvaluationSettings settings) {
        return open(root, settings, new EvaluationCache());
    }

    /** Opens the tree below a folder, sharing what is read with other workspaces of the same command. */
    public static Workspace open(Path root, EvaluationSettings settings, EvaluationCache cache) {
        return new Workspace(EvaluatedFiles.run(root.toAbsolutePath().normalize(), settings, cache), cache);
    }

    /** Whether a folder holds a unit's file, on the disk or as a stack makes it. */
    public boolean isUnit(Path directory) {
        return run.seen().isUnit(directory.toAbsolutePath().normalize());
    }

    /** Whether there is such a folder, on the disk or as a stack makes it or something in it. */
    public boolean isFolder(Path directory) {
        return run.seen().isFolder(directory.toAbsolutePath().normalize());
    }

    public Path root() {
        return run.root();
    }

    /** How many files were parsed so far, by all workspaces that share them. */
    public int parsedFiles() {
        return cache.parsedFiles();
    }

    /** The folders of the units, absolute, in the order of their paths. */
    public List<Path> units() {
        return units(Discovery.of(run));
    }

    private List<Path> units(Discovery.Folders folders) {
        TreeSet<Path> included = new TreeSet<>();
        for (Path folder : folders.units()) {
            try {
                run.nextUnit();
                included.addAll(
                        new FileEvaluation(run, FileContext.ofUnit(run.seen().unitFile(folder))).includedFiles());
            } catch (BuildException e) {
                // The unit's own evaluation tells it.
            }
        }
        return folders.units().stream()
                .filter(folder -> !included.contains(run.seen().unitFile(folder)))
                .toList();
    }

    /**
     * The units, with what is needed to run them in their order. A unit that is broken stands beside the others with its
     * problems; what is wrong with inputs is seen when they are evaluated.
     */
    public List<DiscoveredUnit> discover() {
        Discovery.Folders folders = Discovery.of(run);
        List<DiscoveredUnit> found = new ArrayList<>();
        for (Path folder : units(folders)) {
            run.nextUnit();
            found.add(new UnitEvaluation(run, folder).outline());
        }
        folders.broken()
                .forEach((folder, problems) ->
                        found.add(new DiscoveredUnit.Broken(folder, run.shown(folder), problems)));
        return found;
    }

    /** One unit, as {@link #discover} tells it. */
    public DiscoveredUnit outline(Path directory) {
        run.nextUnit();
        return new UnitEvaluation(run, directory.toAbsolutePath().normalize()).outline();
    }

    /** One unit; all its problems at once. */
    public Unit evaluate(Path directory) {
        run.nextUnit();
        return new UnitEvaluation(run, directory.toAbsolutePath().normalize()).evaluate();
    }

    /** Every unit below the root; the problems of all of them at once. */
    public List<Unit> evaluateAll() {
        List<Problem> problems = new ArrayList<>();
        List<Unit> units = new ArrayList<>();
        Discovery.Folders folders = Discovery.of(run);
        for (Path folder : units(folders)) {
            try {
                units.add(evaluate(folder));
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        folders.broken().values().forEach(problems::addAll);
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
        return units;
    }

    /** The nearest folder from {@code start} upwards that holds {@code .git}; null when there is none. */
    public static @Nullable Path repositoryRoot(Path start) {
        return EvaluationRun.repositoryRoot(start);
    }

    /** Where a unit keeps its state, without evaluating anything else of it; null for the unit's folder. */
    public @Nullable RemoteState remoteState(Path directory) {
        return stateHome(directory).remote();
    }

    /** What says where a unit keeps its state, without evaluating anything else of it. */
    public StateHome stateHome(Path directory) {
        return run.stateHome(directory.toAbsolutePath().normalize());
    }

    /** The command that makes a unit's outputs: ours, or that of the tool that runs it. */
    public Remedy applying(Path directory) {
        return run.applying(directory.toAbsolutePath().normalize());
    }

    /** What the unit in a folder is called by a run that begins there. */
    public static String nameOf(Path root) {
        return EvaluationRun.nameOf(root.toAbsolutePath().normalize());
    }
}
