package dev.talosforge.pipeline;

import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.apply.ApplyTask;
import dev.talosforge.pipeline.apply.LintGate;
import dev.talosforge.pipeline.apply.PlanTask;
import dev.talosforge.pipeline.apply.PlannedUnit;
import dev.talosforge.pipeline.apply.ValidateTask;
import dev.talosforge.pipeline.apply.ValidatedUnit;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.lock.LockResult;
import dev.talosforge.pipeline.lock.LockUpdate;
import dev.talosforge.pipeline.lock.TreeLocker;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitRunner;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.problem.BuildException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The product. Every front end calls this; nothing in it knows who called. Safe to be called twice at once. */
public final class Forge {
    private final BuildContext workshop;
    private final RunSettings settings;
    private final UnitRunner runner;

    public Forge(BuildContext workshop, RunSettings settings) {
        this.workshop = workshop;
        this.settings = settings;
        this.runner = new UnitRunner(workshop.events(), settings.clock());
    }

    private TreeSession looking(Path directory, String command, MockPolicy mocks) {
        return TreeSession.at(directory, command, mocks, settings);
    }

    private TreeSession lookingAtOne(Path directory, String command, MockPolicy mocks) {
        return TreeSession.atOne(directory, command, mocks, settings);
    }

    /** Evaluates units at or below a folder, and the inputs of those that are ours. */
    public List<ValidatedUnit> validate(Path directory, RunQueue queue) throws InterruptedException {
        return validating(directory, "validate").all(queue);
    }

    /** As {@link #validate}, for whoever wants to see inputs: mock outputs stand in whatever command they are for. */
    public List<ValidatedUnit> render(Path directory, RunQueue queue) throws InterruptedException {
        return validating(directory, "render").all(queue);
    }

    private ValidateTask validating(Path directory, String command) {
        return new ValidateTask(workshop, settings, looking(directory, command, MockPolicy.MOCKS_ALLOWED));
    }

    /**
     * Units at or below a folder, what they need and are given; what is not known yet does not matter. A unit that cannot
     * be evaluated is there with what is known of it and its problems.
     */
    public List<UnitView> graph(Path directory, RunQueue queue) {
        TreeSession looking = looking(directory, "graph", MockPolicy.UNKNOWN_ALLOWED);
        List<UnitView> views = new ArrayList<>();
        for (UnitTree.Node node : queue.of(looking.tree()).nodes()) {
            try {
                views.add(looking.views()
                        .of(looking.workspace().evaluate(node.directory()))
                        .withProblems(node.problems()));
            } catch (BuildException e) {
                views.add(looking.views().of(node, e.problems()));
            }
        }
        return views;
    }

    /** What applying the unit in the folder would do. */
    public PlannedUnit plan(Path directory) throws InterruptedException {
        TreeSession looking = lookingAtOne(directory, "plan", MockPolicy.MOCKS_ALLOWED);
        return PlanTask.all(workshop, settings, looking, RunQueue.all(1)).getFirst();
    }

    /** The plan of the unit in the folder; where it is none, those of the units below it. */
    public List<PlannedUnit> plans(Path directory) throws InterruptedException {
        return TreeSession.isUnit(directory, settings) ? List.of(plan(directory)) : planAll(directory, RunQueue.all(1));
    }

    /** What applying the units at or below a folder would do, each whatever becomes of the others. */
    public List<PlannedUnit> planAll(Path directory, RunQueue queue) throws InterruptedException {
        TreeSession looking = looking(directory, "plan", MockPolicy.MOCKS_ALLOWED);
        return PlanTask.all(workshop, settings, looking, queue);
    }

    /**
     * Pins every reference of the tree that the units at or below a folder belong to.
     *
     * @param write whether the lock is written, or only made
     */
    public LockResult lock(Path directory, LockUpdate update, boolean write) throws Exception {
        return new TreeLocker(workshop, settings).lock(directory, update, write);
    }

    /** Whether the lock holds: what moved, vanished or is not locked is a problem each. */
    public LockResult checkLock(Path directory) throws Exception {
        return new TreeLocker(workshop, settings).check(directory);
    }

    /** Runs the unit in the folder. */
    public UnitResult apply(Path directory) throws InterruptedException {
        TreeSession looking = lookingAtOne(directory, "apply", MockPolicy.REAL_ONLY);
        ApplyTask applying = applying(looking);
        UnitResult result = runner.one(looking.tree().nodes().getFirst(), applying);
        applying.findings().tellHowMany(directory, workshop.events());
        return result;
    }

    /** Runs every unit at or below the folder that is ours, each after what it needs. */
    public List<UnitResult> applyAll(Path directory, RunQueue queue) throws InterruptedException {
        TreeSession looking = looking(directory, "apply", MockPolicy.REAL_ONLY);
        ApplyTask applying = applying(looking);
        List<UnitResult> results = runner.run(queue.of(looking.tree()), queue, applying);
        applying.findings().tellHowMany(directory, workshop.events());
        return results;
    }

    private ApplyTask applying(TreeSession looking) {
        return new ApplyTask(workshop, settings, looking, LintGate.of(looking));
    }

    /**
     * Recorded outputs of the unit in the folder, or of every unit below it that does not exclude that, by unit.
     *
     * @param all whether those are told, too, that another tool marks as sensitive
     */
    public SequencedMap<String, SequencedMap<String, Json>> outputs(Path directory, RunQueue queue, boolean all) {
        TreeSession looking = looking(directory, "output", MockPolicy.UNKNOWN_ALLOWED);
        SequencedMap<String, SequencedMap<String, Json>> byUnit = new LinkedHashMap<>();
        for (UnitTree.Node node : queue.of(looking.tree()).nodes()) {
            if (node.excluded() != null
                    && !node.directory().equals(looking.tree().root())) {
                continue;
            }
            StateHome home = looking.workspace().stateHome(node.directory());
            SequencedMap<String, Json> recorded = all
                    ? looking.states().recorded(node.directory(), home)
                    : looking.states().shown(node.directory(), home);
            if (recorded != null && !recorded.isEmpty()) {
                byUnit.put(node.name(), recorded);
            }
        }
        return byUnit;
    }
}
