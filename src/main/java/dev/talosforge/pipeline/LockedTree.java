package dev.talosforge.pipeline;

import dev.talosforge.config.MockPolicy;
import dev.talosforge.config.Unit;
import dev.talosforge.pipeline.References.Use;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that one lock is for.
 *
 * @param root of the tree
 * @param file of the lock, whether it is there or not
 * @param uses unit by unit
 * @param given what is not locked because it comes from other units or from programs: "UNIT: INPUT"
 */
record LockedTree(Path root, Path file, List<Use> uses, List<String> given) {
    /** The tree that the units at or below a folder belong to. */
    static LockedTree of(Path directory, RunSettings settings) {
        Looking below = looking(directory, settings);
        SortedSet<Path> roots = new TreeSet<>();
        for (UnitTree.Node node : below.tree().nodes()) {
            if (node.ours()) {
                roots.add(LockPlace.rootOf(node.directory(), directory));
            }
        }
        if (roots.size() > 1) {
            throw problem(
                    "cannot lock the units below " + directory,
                    "they belong to several trees: "
                            + roots.stream().map(Path::toString).collect(Collectors.joining(", ")),
                    "name one of them: talos-forge -C DIR lock");
        }
        Path root = roots.isEmpty() ? directory : roots.first();
        Looking all = root.equals(directory) ? below : looking(root, settings);
        return collect(all, root, settings);
    }

    private static Looking looking(Path folder, RunSettings settings) {
        return Looking.at(folder, "plan", MockPolicy.NOTHING_KNOWN, settings);
    }

    private static LockedTree collect(Looking looking, Path root, RunSettings settings) {
        List<Use> uses = new ArrayList<>();
        List<String> given = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (UnitTree.Node node : looking.tree().nodes()) {
            boolean concerns = node.ours() || !node.problems().isEmpty();
            if (!concerns || !LockPlace.rootOf(node.directory(), root).equals(root)) {
                continue;
            }
            try {
                node.check();
                Unit unit = looking.workspace().evaluate(node.directory());
                Stage.of(unit, settings.overrides()).check();
                References references = References.of(unit, settings.overrides());
                uses.addAll(references.uses());
                references.given().forEach(input -> given.add(node.name() + ": " + input));
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
        if (uses.isEmpty()) {
            throw problem("cannot lock " + root, "no unit of the tree names an image", null);
        }
        return new LockedTree(root, settings.lock().in(root), List.copyOf(uses), List.copyOf(given));
    }

    private static BuildException problem(String what, String why, @org.jspecify.annotations.Nullable String remedy) {
        return new BuildException(new Problem(Problem.Kind.INVALID_INPUT, what, null, why, remedy), null);
    }

    /** Each once. */
    SortedSet<Reference> references() {
        return uses.stream().map(Use::reference).collect(Collectors.toCollection(TreeSet::new));
    }
}
