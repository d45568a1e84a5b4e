package dev.talosforge.pipeline.lock;

import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.pin.LockKey;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.pipeline.pin.UnitReferences;
import dev.talosforge.pipeline.pin.UnitReferences.Use;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The tree that one lock is for.
 *
 * @param root of the tree
 * @param file of the lock, whether or not it exists
 * @param uses unit by unit
 * @param given what is not locked because it comes from other units or from programs: "UNIT: INPUT"
 */
record LockedTree(Path root, Path file, List<Use> uses, List<String> given) {
    /** The tree that the units at or below a folder belong to. */
    static LockedTree of(Path directory, RunSettings settings) {
        TreeSession below = looking(directory, settings);
        SortedSet<Path> roots = new TreeSet<>();
        for (UnitTree.Node node : below.tree().nodes()) {
            if (node.managed()) {
                roots.add(LockLocation.rootOf(node.directory(), directory));
            }
        }
        if (roots.size() > 1) {
            throw problem(
                    "cannot lock the units below " + directory,
                    "they belong to several trees: "
                            + roots.stream().map(Path::toString).collect(Collectors.joining(", ")),
                    Remedy.sentence(
                            "specify one of them: ", Remedy.command(Verb.LOCK).in("DIR")));
        }
        Path root = roots.isEmpty() ? directory : roots.first();
        TreeSession all = root.equals(directory) ? below : looking(root, settings);
        return collect(all, root, settings);
    }

    private static TreeSession looking(Path folder, RunSettings settings) {
        return TreeSession.at(folder, "plan", MockPolicy.NOTHING_KNOWN, settings);
    }

    private static LockedTree collect(TreeSession session, Path root, RunSettings settings) {
        List<Use> uses = new ArrayList<>();
        List<String> given = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (UnitTree.Node node : session.tree().nodes()) {
            boolean concerns = node.managed() || !node.problems().isEmpty();
            if (!concerns || !LockLocation.rootOf(node.directory(), root).equals(root)) {
                continue;
            }
            try {
                node.check();
                Unit unit = session.workspace().evaluate(node.directory());
                Stage.of(unit, settings.overrides()).check();
                UnitReferences references = UnitReferences.of(unit, settings.overrides());
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

    private static BuildException problem(String what, String why, @org.jspecify.annotations.Nullable Remedy remedy) {
        return new BuildException(
                Problem.failed(Problem.Kind.INVALID_INPUT, what).because(why).trying(remedy));
    }

    /** Each once. */
    SortedSet<LockKey> references() {
        return uses.stream().map(Use::key).collect(Collectors.toCollection(TreeSet::new));
    }
}
