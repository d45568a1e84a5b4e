package dev.talosforge.pipeline.request;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.state.MovedState;
import dev.talosforge.state.TerragruntCache;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * States that this program recorded among a unit's files before it had a module. Terragrunt copies these files to where it runs
 * the module, before each run: such a state would replace the module's (measured with 0.96.1 and 1.1.3).
 */
final class CopiedState {
    private static final int DEPTH = 16;
    private static final int MAX_FILES = 10_000;

    private CopiedState() {}

    /**
     * Makes sure that there is none.
     *
     * @param name of the unit
     * @param folder where Terraform runs
     */
    static void refuse(String name, Path folder) throws IOException {
        Path unit = TerragruntCache.unitFolder(folder);
        List<Problem> problems = unit.equals(folder)
                ? List.of()
                : of(unit).stream()
                        .map(state -> Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use the module of " + name)
                                .because(
                                        "before each run, Terragrunt copies %s over the state of the module, which loses what an apply recorded there"
                                                .formatted(state))
                                .trying(
                                        "write the module for this unit again, which moves the state, or move it away: mv '%s' '%s'"
                                                .formatted(state, MovedState.keptAs(state))))
                        .toList();
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }

    /** In a folder and below, without what is hidden, which is not copied. */
    private static List<Path> of(Path unit) throws IOException {
        List<Path> states = new ArrayList<>();
        int[] seen = {0};
        Files.walkFileTree(unit, Set.of(), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(unit)
                                && String.valueOf(folder.getFileName()).startsWith(".")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(ApplyRecord.SUFFIX)) {
                    Path state = file.resolveSibling(name.substring(0, name.length() - ApplyRecord.SUFFIX.length()));
                    if (Files.isRegularFile(state)) {
                        states.add(state);
                    }
                }
                return ++seen[0] < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // What cannot be read is not copied either.
            }
        });
        return states.stream().sorted().toList();
    }
}
