package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code terragrunt.stack.hcl} makes.
 *
 * @param folder the file's folder, absolute
 * @param components by their folders
 * @param described what the file looks like to another one that reads it; null where it cannot be read
 * @param problems why it cannot be read; there are no components then
 */
public record Stack(
        Path folder,
        SortedMap<Path, Component> components,
        @Nullable Value described,
        List<Problem> problems) {
    /** The folder beside the file in which components are made. */
    public static final String MADE = ".terragrunt-stack";

    public Stack {
        components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
        problems = List.copyOf(problems);
    }

    static Stack broken(Path folder, List<Problem> problems) {
        return new Stack(folder, new TreeMap<>(), null, problems);
    }

    /** Whether nothing is wrong with the file but that we cannot do what it asks. */
    public boolean isOnlyUnsupported() {
        return problems.stream().allMatch(problem -> problem.kind() == Kind.NOT_SUPPORTED);
    }
}
