package dev.talosforge.config;

import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tree of units. Files are parsed once in its life and shared files evaluated once, so it is made anew for each
 * command. Not for several threads.
 *
 * <p>A unit is a folder with a {@code terragrunt.hcl}, unless that file is included by one of another folder: then it
 * only holds what others share. Hidden folders and {@code .terragrunt-cache} are not searched, and links to folders are
 * not followed.
 */
public final class Workspace {
    /** The file that makes a folder a unit. */
    public static final String FILE_NAME = "terragrunt.hcl";

    private static final int MAX_DEPTH = 40;
    private static final int MAX_UNITS = 20_000;

    private final Run run;

    private Workspace(Run run) {
        this.run = run;
    }

    /** Opens the tree below a folder; nothing is read yet. */
    public static Workspace open(Path root, Settings settings) {
        return new Workspace(new Run(root.toAbsolutePath().normalize(), settings));
    }

    public Path root() {
        return run.root();
    }

    /** How many files were parsed so far. */
    public int parsedFiles() {
        return run.files().parsed();
    }

    /** The folders of the units, absolute, in the order of their paths. */
    public List<Path> units() {
        List<Path> candidates = candidates();
        TreeSet<Path> included = new TreeSet<>();
        for (Path folder : candidates) {
            try {
                included.addAll(new FileEvaluation(run, Context.ofUnit(folder.resolve(FILE_NAME)))
                        .includes()
                        .files());
            } catch (BuildException e) {
                // The unit's own evaluation tells it.
            }
        }
        return candidates.stream()
                .filter(folder -> !included.contains(folder.resolve(FILE_NAME)))
                .toList();
    }

    private List<Path> candidates() {
        TreeSet<Path> found = new TreeSet<>();
        try {
            Files.walkFileTree(run.root(), java.util.Set.of(), MAX_DEPTH, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = String.valueOf(folder.getFileName());
                    return name.startsWith(".") && !folder.equals(run.root())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.endsWith(FILE_NAME) && !attributes.isDirectory()) {
                        found.add(Context.parent(file));
                    }
                    return found.size() > MAX_UNITS ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new BuildException(
                    new Problem(Kind.ENVIRONMENT, "cannot search " + run.root(), null, ParsedFiles.why(e), null), e);
        }
        if (found.size() > MAX_UNITS) {
            throw new BuildException(
                    new Problem(
                            Kind.INVALID_INPUT,
                            "cannot search " + run.root(),
                            null,
                            "it holds more than %d units".formatted(MAX_UNITS),
                            null),
                    null);
        }
        return List.copyOf(found);
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
        for (Path folder : units()) {
            try {
                units.add(evaluate(folder));
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        problems.addAll(sharedStates(units));
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
        return units;
    }

    /** The one that is applied last would take the other's outputs away. */
    private static List<Problem> sharedStates(List<Unit> units) {
        List<Problem> problems = new ArrayList<>();
        SequencedMap<Path, Unit> owners = new TreeMap<>();
        for (Unit unit : units) {
            RemoteState state = unit.remoteState();
            if (unit.source() != null
                    && state != null
                    && state.backend().equals("local")
                    && state.config().get("path") instanceof Value.Text(String path)) {
                Unit owner = owners.putIfAbsent(unit.directory().resolve(path).normalize(), unit);
                if (owner != null) {
                    problems.add(new Problem(
                            Kind.INVALID_INPUT,
                            "cannot keep the state of " + unit.name(),
                            null,
                            "%s keeps its own at the same place: %s".formatted(owner.name(), path),
                            "write into remote_state: path = \"${get_terragrunt_dir()}/terraform.tfstate\""));
                }
            }
        }
        return problems;
    }

    /** Where a unit keeps its state, without evaluating anything else of it; null for the unit's folder. */
    public @Nullable RemoteState remoteState(Path directory) {
        return remoteState(run, directory.toAbsolutePath().normalize());
    }

    static @Nullable RemoteState remoteState(Run run, Path directory) {
        return new FileEvaluation(run, Context.ofUnit(directory.resolve(FILE_NAME))).remoteState();
    }
}
