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
 * What a {@code terragrunt.stack.hcl} generates.
 *
 * @param folder the file's folder, absolute
 * @param components by their folders
 * @param described what a file sees that reads this one; null if it cannot be read
 * @param problems why it cannot be read; there are no components then
 */
public record Stack(
        Path folder,
        SortedMap<Path, Component> components,
        @Nullable Value described,
        List<Problem> problems) {
    /** The folder beside the file in which components are generated. */
    public static final String MADE = ".terragrunt-stack";

    public Stack {
        components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
        problems = List.copyOf(problems);
    }

    static Stack broken(Path folder, List<Problem> problems) {
        return new Stack(folder, new TreeMap<>(), null, problems);
    }

    /** Whether the only problem of the file is that it needs something that is not supported. */
    public boolean isOnlyUnsupported() {
        return problems.stream().allMatch(problem -> problem.kind() == Kind.NOT_SUPPORTED);
    }
}
