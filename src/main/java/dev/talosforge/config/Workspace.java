package dev.talosforge.config;

import dev.talosforge.bytes.DiskName;
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
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tree of units. Files are parsed once in its life and shared files evaluated once, so it is made anew for each
 * command. Not for several threads; several workspaces may share what they read, see {@link Shared}.
 *
 * <p>A unit is a folder with a {@code terragrunt.hcl} or a {@code terragrunt.hcl.json}, unless that file is included by
 * one of another folder: then it only holds what others share. {@code .git}, {@code .terraform} and
 * {@code .terragrunt-cache} are not searched, and links to folders are not followed.
 */
public final class Workspace {
    /** The file that makes a folder a unit. */
    public static final String FILE_NAME = "terragrunt.hcl";

    static final String JSON_FILE_NAME = "terragrunt.hcl.json";
    static final String STACK_FILE_NAME = "terragrunt.stack.hcl";

    private static final String MADE_BY_STACKS = ".terragrunt-stack";
    private static final Set<String> NOT_SEARCHED = Set.of(".git", ".terraform", ".terragrunt-cache");
    private static final int MAX_DEPTH = 40;
    private static final int MAX_UNITS = 20_000;

    private final Run run;
    private final Shared shared;

    private Workspace(Run run, Shared shared) {
        this.run = run;
        this.shared = shared;
    }

    /** Opens the tree below a folder; nothing is read yet. */
    public static Workspace open(Path root, Settings settings) {
        return open(root, settings, new Shared());
    }

    /** Opens the tree below a folder, sharing what is read with other workspaces of the same command. */
    public static Workspace open(Path root, Settings settings, Shared shared) {
        return new Workspace(new Run(root.toAbsolutePath().normalize(), settings, shared), shared);
    }

    /** Whether a folder holds a unit's file. */
    public static boolean isUnit(Path directory) {
        return Files.isRegularFile(unitFile(directory));
    }

    /** The file that makes a folder a unit; where there is none, the one that should. */
    public static Path unitFile(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        Path json = directory.resolve(JSON_FILE_NAME);
        return !Files.exists(file) && Files.isRegularFile(json) ? json : file;
    }

    public Path root() {
        return run.root();
    }

    /** How many files were parsed so far, by all workspaces that share them. */
    public int parsedFiles() {
        return shared.parsedFiles();
    }

    /** The folders of the units, absolute, in the order of their paths. */
    public List<Path> units() {
        return units(candidates());
    }

    private List<Path> units(Candidates candidates) {
        TreeSet<Path> included = new TreeSet<>();
        for (Path folder : candidates.units()) {
            try {
                run.nextUnit();
                included.addAll(new FileEvaluation(run, Context.ofUnit(unitFile(folder)))
                        .includes()
                        .files());
            } catch (BuildException e) {
                // The unit's own evaluation tells it.
            }
        }
        return candidates.units().stream()
                .filter(folder -> !included.contains(unitFile(folder)))
                .toList();
    }

    /**
     * The units, with what is needed to run them in their order. A unit that is broken stands beside the others with its
     * problems; what is wrong with inputs is seen when they are evaluated.
     */
    public List<Found> discover() {
        Candidates candidates = candidates();
        List<Found> found = new ArrayList<>();
        for (Path folder : units(candidates)) {
            run.nextUnit();
            found.add(new UnitEvaluation(run, folder).outline());
        }
        for (Path folder : candidates.stacks()) {
            found.add(new Found.Broken(folder, run.shown(folder), List.of(stack(folder))));
        }
        return found;
    }

    /** One unit, as {@link #discover} tells it. */
    public Found outline(Path directory) {
        run.nextUnit();
        return new UnitEvaluation(run, directory.toAbsolutePath().normalize()).outline();
    }

    /** Folders that hold a unit's file, and folders with a stack of which no units were made. */
    private record Candidates(SortedSet<Path> units, SortedSet<Path> stacks) {}

    private Candidates candidates() {
        Candidates found = new Candidates(new TreeSet<>(), new TreeSet<>());
        try {
            Files.walkFileTree(run.root(), Set.of(), MAX_DEPTH, new Search(run.root(), found));
        } catch (IOException e) {
            throw new BuildException(
                    new Problem(Kind.ENVIRONMENT, "cannot search " + run.root(), null, ParsedFiles.why(e), null), e);
        }
        if (found.units().size() > MAX_UNITS) {
            throw new BuildException(
                    new Problem(
                            Kind.INVALID_INPUT,
                            "cannot search " + run.root(),
                            null,
                            "it holds more than %d units".formatted(MAX_UNITS),
                            null),
                    null);
        }
        return found;
    }

    private static final class Search extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Candidates found;

        Search(Path root, Candidates found) {
            this.root = root;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_SEARCHED.contains(String.valueOf(folder.getFileName())) && !folder.equals(root)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            switch (String.valueOf(file.getFileName())) {
                case FILE_NAME, JSON_FILE_NAME -> {
                    if (!attributes.isDirectory()) {
                        checkName(root.relativize(Context.parent(file)).toString());
                        found.units().add(Context.parent(file));
                    }
                }
                case STACK_FILE_NAME -> {
                    if (!Files.isDirectory(file.resolveSibling(MADE_BY_STACKS))) {
                        found.stacks().add(Context.parent(file));
                    }
                }
                default -> {}
            }
            return found.units().size() > MAX_UNITS ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }

    private static void checkName(String folder) {
        if (!DiskName.isShown(folder)) {
            throw new BuildException(
                    new Problem(
                            Kind.INVALID_INPUT,
                            "cannot use the unit in " + folder,
                            null,
                            DiskName.isUtf8()
                                    ? "the name of the folder is not UTF-8"
                                    : "the locale's character map is %s, and names beyond it cannot be read"
                                            .formatted(DiskName.encoding()),
                            DiskName.isUtf8() ? "rename the folder" : "export LC_ALL=C.UTF-8"),
                    null);
        }
    }

    private Problem stack(Path folder) {
        return new Problem(
                Kind.NOT_SUPPORTED,
                "cannot run the stack in " + run.shown(folder),
                null,
                "stacks (%s) are not supported".formatted(STACK_FILE_NAME),
                "let Terragrunt make its units once: terragrunt stack generate");
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
        Candidates candidates = candidates();
        for (Path folder : units(candidates)) {
            try {
                units.add(evaluate(folder));
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        candidates.stacks().forEach(folder -> problems.add(stack(folder)));
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
        return units;
    }

    /** The nearest folder from {@code start} upwards that holds {@code .git}; null when there is none. */
    public static @Nullable Path repositoryRoot(Path start) {
        return Run.repositoryRoot(start);
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
    public String applying(Path directory) {
        return Dependencies.applying(run, directory.toAbsolutePath().normalize());
    }

    /** What the unit in a folder is called by a run that begins there; "." where none is in it. */
    public static String nameOf(Path root) {
        return Run.nameOf(root.toAbsolutePath().normalize());
    }
}
