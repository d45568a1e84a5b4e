package dev.talosforge.config.terragrunt;

import dev.talosforge.bytes.DiskName;
import dev.talosforge.config.terragrunt.block.ParsedFiles;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.terragrunt.run.Stack;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NameProblem;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the folders at or below a folder that contain a unit's file, on disk and in what stacks generate. What a stack
 * generates is a copy of a folder, and is searched like one.
 */
public final class Discovery {
    private static final Set<String> NOT_SEARCHED = Set.of(".git", ".terraform", ".terragrunt-cache");
    private static final int MAX_DEPTH = 40;
    private static final int MAX_UNITS = 20_000;
    private static final int MAX_COPIES = 20_000;

    private final EvaluationRun run;
    private final Path root;
    private final SortedSet<Path> units = new TreeSet<>();
    private final SortedMap<Path, List<Problem>> broken = new TreeMap<>();
    private final Deque<Place> toSearch = new ArrayDeque<>();
    private final Set<Path> known = new HashSet<>();
    private final List<Path> maybeMade = new ArrayList<>();
    private int copies;

    /**
     * A folder to search.
     *
     * @param seen its path for units
     * @param onDisk its path on disk
     */
    private record Place(Path seen, Path onDisk) {}

    private Discovery(EvaluationRun run) {
        this.run = run;
        this.root = run.root();
    }

    /**
     * The result of the search.
     *
     * @param units folders that contain a unit's file
     * @param broken folders of stacks, and of what they should generate, with their problems
     */
    public record Folders(SortedSet<Path> units, SortedMap<Path, List<Problem>> broken) {}

    public static Folders of(EvaluationRun run) {
        return new Discovery(run).folders();
    }

    private Folders folders() {
        Path onDisk = run.seen().onDisk(root);
        run.seen().stacks(root).forEach(this::add);
        if (Files.isDirectory(onDisk)) {
            toSearch.addFirst(new Place(root, onDisk));
        }
        for (Place place = toSearch.poll(); place != null; place = toSearch.poll()) {
            search(place);
        }
        for (Path stack : maybeMade) {
            if (isMade(stack)) {
                broken.remove(stack);
            }
        }
        return new Folders(units, broken);
    }

    /** Whether Terragrunt generated units of a stack; a folder alone may contain what we recorded. */
    private boolean isMade(Path stack) {
        Path made = stack.resolve(Stack.MADE);
        SortedSet<Path> from = units.tailSet(made);
        return !from.isEmpty() && from.first().startsWith(made);
    }

    private void search(Place place) {
        try {
            Files.walkFileTree(place.onDisk(), Set.of(), MAX_DEPTH, new Search(place));
        } catch (IOException e) {
            throw new BuildException(
                    Problem.failed(Kind.ENVIRONMENT, "cannot search " + place.onDisk())
                            .because(ParsedFiles.why(e)),
                    e);
        }
        if (units.size() > MAX_UNITS) {
            throw tooMany("it contains more than %d units".formatted(MAX_UNITS));
        }
    }

    private BuildException tooMany(String why) {
        return new BuildException(
                Problem.failed(Kind.INVALID_INPUT, "cannot search " + root).because(why));
    }

    /**
     * What a stack generates below the root. If we cannot read it, what Terragrunt generated from it on disk is used.
     */
    private void add(Stack stack) {
        if (!known.add(stack.folder())) {
            return;
        }
        if (stack.folder().startsWith(root) && !stack.problems().isEmpty()) {
            broken.put(stack.folder(), stack.problems());
            if (stack.isOnlyUnsupported()) {
                maybeMade.add(stack.folder());
            }
        }
        for (Component component : stack.components().values()) {
            if (!component.folder().startsWith(root)) {
                continue;
            }
            if (component.source() != null) {
                if (++copies > MAX_COPIES) {
                    throw tooMany("its stacks generate more than %d units and stacks".formatted(MAX_COPIES));
                }
                toSearch.add(new Place(component.folder(), component.source()));
            } else if (!component.problems().isEmpty()) {
                broken.put(component.folder(), component.problems());
            }
        }
    }

    private final class Search extends SimpleFileVisitor<Path> {
        private final Place place;

        Search(Place place) {
            this.place = place;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_SEARCHED.contains(String.valueOf(folder.getFileName())) && !folder.equals(place.onDisk())
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            switch (String.valueOf(file.getFileName())) {
                case UnitFiles.FILE_NAME, UnitFiles.JSON_FILE_NAME -> {
                    if (!attributes.isDirectory()) {
                        Path folder = seen(file);
                        checkName(root.relativize(folder).toString());
                        units.add(folder);
                    }
                }
                case UnitFiles.STACK_FILE_NAME -> {
                    Stack stack = run.seen().stack(seen(file));
                    if (stack != null) {
                        add(stack);
                    }
                }
                default -> {}
            }
            return units.size() > MAX_UNITS ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        private Path seen(Path file) {
            return place.seen()
                    .resolve(place.onDisk().relativize(FileContext.parent(file)))
                    .normalize();
        }
    }

    private static void checkName(String folder) {
        if (!DiskName.isShown(folder)) {
            throw new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot use the unit in " + folder)
                    .because(NameProblem.why("the name of the folder is not UTF-8"))
                    .trying(NameProblem.remedy("rename the folder")));
        }
    }
}
