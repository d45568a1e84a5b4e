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

/** The product. Every front end calls this; nothing in it knows its caller. Thread-safe. */
public final class Forge {
    private final BuildContext context;
    private final RunSettings settings;
    private final UnitRunner runner;

    public Forge(BuildContext context, RunSettings settings) {
        this.context = context;
        this.settings = settings;
        this.runner = new UnitRunner(context.events(), settings.clock());
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

    /** Like {@link #validate}, for showing inputs: mock outputs are used whatever command they are for. */
    public List<ValidatedUnit> render(Path directory, RunQueue queue) throws InterruptedException {
        return validating(directory, "render").all(queue);
    }

    private ValidateTask validating(Path directory, String command) {
        return new ValidateTask(context, settings, looking(directory, command, MockPolicy.MOCKS_ALLOWED));
    }

    /**
     * Units at or below a folder, what they need and are given; unknown values do not matter. A unit that cannot be
     * evaluated is included with what is known of it and its problems.
     */
    public List<UnitView> graph(Path directory, RunQueue queue) {
        TreeSession session = looking(directory, "graph", MockPolicy.UNKNOWN_ALLOWED);
        List<UnitView> views = new ArrayList<>();
        for (UnitTree.Node node : queue.of(session.tree()).nodes()) {
            try {
                views.add(session.views()
                        .of(session.workspace().evaluate(node.directory()))
                        .withProblems(node.problems()));
            } catch (BuildException e) {
                views.add(session.views().of(node, e.problems()));
            }
        }
        return views;
    }

    /** What applying the unit in the folder would do. */
    public PlannedUnit plan(Path directory) throws InterruptedException {
        TreeSession session = lookingAtOne(directory, "plan", MockPolicy.MOCKS_ALLOWED);
        return PlanTask.all(context, settings, session, RunQueue.all(1)).getFirst();
    }

    /** The plan of the unit in the folder; if it is not a unit, those of the units below it. */
    public List<PlannedUnit> plans(Path directory) throws InterruptedException {
        return TreeSession.isUnit(directory, settings) ? List.of(plan(directory)) : planAll(directory, RunQueue.all(1));
    }

    /** What applying the units at or below a folder would do; each is planned even if others fail. */
    public List<PlannedUnit> planAll(Path directory, RunQueue queue) throws InterruptedException {
        TreeSession session = looking(directory, "plan", MockPolicy.MOCKS_ALLOWED);
        return PlanTask.all(context, settings, session, queue);
    }

    /**
     * Pins every reference of the tree that the units at or below a folder belong to.
     *
     * @param write whether the lock is written, or only built
     */
    public LockResult lock(Path directory, LockUpdate update, boolean write) throws Exception {
        return new TreeLocker(context, settings).lock(directory, update, write);
    }

    /** Checks the lock: each image that moved, vanished or is not locked is a problem. */
    public LockResult checkLock(Path directory) throws Exception {
        return new TreeLocker(context, settings).check(directory);
    }

    /** Runs the unit in the folder. */
    public UnitResult apply(Path directory) throws InterruptedException {
        TreeSession session = lookingAtOne(directory, "apply", MockPolicy.REAL_ONLY);
        ApplyTask task = applying(session);
        UnitResult result = runner.one(session.tree().nodes().getFirst(), task);
        task.gate().reportCount(directory, context.events());
        return result;
    }

    /** Runs every unit at or below the folder that is ours, each after its dependencies. */
    public List<UnitResult> applyAll(Path directory, RunQueue queue) throws InterruptedException {
        TreeSession session = looking(directory, "apply", MockPolicy.REAL_ONLY);
        ApplyTask task = applying(session);
        List<UnitResult> results = runner.run(queue.of(session.tree()), queue, task);
        task.gate().reportCount(directory, context.events());
        return results;
    }

    private ApplyTask applying(TreeSession session) {
        return new ApplyTask(context, settings, session, LintGate.of(session));
    }

    /**
     * Recorded outputs of the unit in the folder, or of every unit below it that does not exclude that, by unit.
     *
     * @param all whether to include outputs that another tool marks as sensitive
     */
    public SequencedMap<String, SequencedMap<String, Json>> outputs(Path directory, RunQueue queue, boolean all) {
        TreeSession session = looking(directory, "output", MockPolicy.UNKNOWN_ALLOWED);
        SequencedMap<String, SequencedMap<String, Json>> byUnit = new LinkedHashMap<>();
        for (UnitTree.Node node : queue.of(session.tree()).nodes()) {
            if (node.excluded() != null
                    && !node.directory().equals(session.tree().root())) {
                continue;
            }
            StateHome home = session.workspace().stateHome(node.directory());
            SequencedMap<String, Json> recorded = all
                    ? session.states().recorded(node.directory(), home)
                    : session.states().shown(node.directory(), home);
            if (recorded != null && !recorded.isEmpty()) {
                byUnit.put(node.name(), recorded);
            }
        }
        return byUnit;
    }
}
