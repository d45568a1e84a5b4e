package dev.talosforge.pipeline;

import dev.talosforge.config.MockPolicy;
import dev.talosforge.config.StateHome;
import dev.talosforge.config.Unit;
import dev.talosforge.engine.Graph.OnFailure;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.Runner.Done;
import dev.talosforge.pipeline.UnitResult.Ending;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The product. Every front end calls this; nothing in it knows who called. Safe to be called twice at once. */
public final class Forge {
    private final Workshop workshop;
    private final RunSettings settings;
    private final Runner runner;

    public Forge(Workshop workshop, RunSettings settings) {
        this.workshop = workshop;
        this.settings = settings;
        this.runner = new Runner(workshop.events(), settings.clock());
    }

    private Looking looking(Path directory, String command, MockPolicy mocks) {
        return Looking.at(directory, command, mocks, settings);
    }

    private Looking lookingAtOne(Path directory, String command, MockPolicy mocks) {
        return Looking.atOne(directory, command, mocks, settings);
    }

    /** Evaluates units at or below a folder, and the inputs of those that are ours. */
    public List<Validated> validate(Path directory, Queue queue) throws InterruptedException {
        return validate(directory, queue, "validate");
    }

    /** As {@link #validate}, for whoever wants to see inputs: mock outputs stand in whatever command they are for. */
    public List<Validated> render(Path directory, Queue queue) throws InterruptedException {
        return validate(directory, queue, "render");
    }

    private List<Validated> validate(Path directory, Queue queue, String command) throws InterruptedException {
        Looking looking = looking(directory, command, MockPolicy.MOCKS_ALLOWED);
        UnitTree tree = queue.of(looking.tree());
        Map<String, UnitView> views = new ConcurrentHashMap<>();
        SortedMap<String, Unit> units = Collections.synchronizedSortedMap(new TreeMap<>());
        Set<String> locked = ConcurrentHashMap.newKeySet();
        Queue onAllCores =
                queue.atATime(Runtime.getRuntime().availableProcessors()).onFailure(OnFailure.CARRY_ON);
        List<UnitResult> results = runner.run(tree, onAllCores, node -> {
            if (node.excluded() != null) {
                node.check();
                viewIfReadable(looking, node).ifPresent(view -> views.put(node.name(), view));
                return Done.without(Ending.EXCLUDED, node.excluded());
            }
            Unit unit = looking.evaluate(node);
            units.put(node.name(), unit);
            views.put(node.name(), looking.views().of(unit));
            node.check();
            Stage stage = Stage.of(unit, settings.overrides());
            SortedSet<String> later = stage.check();
            stage.checkMachine(workshop);
            if (Pins.of(looking, node).pinAll(unit, settings.overrides())) {
                locked.add(node.name());
            }
            return later.isEmpty()
                    ? Done.of(Ending.VALID)
                    : Done.without(Ending.VALID, "known only when it is applied: " + String.join(", ", later));
        });
        Findings findings = Findings.of(List.copyOf(units.values()), settings);
        return results.stream()
                .map(result -> validated(
                        result, findings.of(result.unit(), locked.contains(result.unit())), views.get(result.unit())))
                .toList();
    }

    /** Of a unit that is not run, what is wrong with its inputs does not matter. */
    private static Optional<UnitView> viewIfReadable(Looking looking, UnitTree.Node node) {
        try {
            return Optional.of(looking.views().of(looking.evaluate(node)));
        } catch (BuildException e) {
            return Optional.empty();
        }
    }

    private Validated validated(UnitResult result, List<Finding> all, @Nullable UnitView seen) {
        List<Finding> found =
                all.stream().filter(finding -> !finding.check().isNote()).toList();
        UnitView view = seen == null
                ? null
                : seen.withNotes(all.stream()
                        .filter(finding -> finding.check().isNote())
                        .map(Finding::line)
                        .toList());
        List<Problem> problems = Findings.problems(found, settings);
        return problems.isEmpty()
                ? new Validated(result, found, view)
                : new Validated(
                        result.failedBy(problems),
                        found.stream()
                                .filter(finding -> !finding.check().isMendedInTree())
                                .toList(),
                        view);
    }

    /**
     * Units at or below a folder, what they need and are given; what is not known yet does not matter. A unit that cannot
     * be evaluated is there with what is known of it and its problems.
     */
    public List<UnitView> graph(Path directory, Queue queue) {
        Looking looking = looking(directory, "graph", MockPolicy.UNKNOWN_ALLOWED);
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
    public Planned plan(Path directory) throws InterruptedException {
        Looking looking = lookingAtOne(directory, "plan", MockPolicy.MOCKS_ALLOWED);
        return plan(looking, looking.tree(), Queue.all(1)).getFirst();
    }

    /** The plan of the unit in the folder; where it is none, those of the units below it. */
    public List<Planned> plans(Path directory) throws InterruptedException {
        return Looking.isUnit(directory, settings) ? List.of(plan(directory)) : planAll(directory, Queue.all(1));
    }

    /** What applying the units at or below a folder would do, each whatever becomes of the others. */
    public List<Planned> planAll(Path directory, Queue queue) throws InterruptedException {
        Looking looking = looking(directory, "plan", MockPolicy.MOCKS_ALLOWED);
        return plan(looking, queue.of(looking.tree()), queue);
    }

    private List<Planned> plan(Looking looking, UnitTree tree, Queue queue) throws InterruptedException {
        Planning planning = new Planning(workshop, settings, looking);
        List<UnitResult> results = runner.run(tree, queue.onFailure(OnFailure.CARRY_ON), planning::of);
        planning.findings().tellHowMany(looking.tree().root(), workshop.events());
        return results.stream().map(planning::planned).toList();
    }

    /**
     * Pins every reference of the tree that the units at or below a folder belong to.
     *
     * @param write whether the lock is written, or only made
     */
    public Locked lock(Path directory, LockUpdate update, boolean write) throws Exception {
        return new Locking(workshop, settings).lock(directory, update, write);
    }

    /** Whether the lock holds: what moved, vanished or is not locked is a problem each. */
    public Locked checkLock(Path directory) throws Exception {
        return new Locking(workshop, settings).check(directory);
    }

    /** Runs the unit in the folder. */
    public UnitResult apply(Path directory) throws InterruptedException {
        Looking looking = lookingAtOne(directory, "apply", MockPolicy.REAL_ONLY);
        Applying applying = applying(looking);
        UnitResult result = runner.one(looking.tree().nodes().getFirst(), applying);
        applying.findings().tellHowMany(directory, workshop.events());
        return result;
    }

    /** Runs every unit at or below the folder that is ours, each after what it needs. */
    public List<UnitResult> applyAll(Path directory, Queue queue) throws InterruptedException {
        Looking looking = looking(directory, "apply", MockPolicy.REAL_ONLY);
        Applying applying = applying(looking);
        List<UnitResult> results = runner.run(queue.of(looking.tree()), queue, applying);
        applying.findings().tellHowMany(directory, workshop.events());
        return results;
    }

    private Applying applying(Looking looking) {
        return new Applying(workshop, settings, looking, Findings.of(looking));
    }

    /**
     * Recorded outputs of the unit in the folder, or of every unit below it that does not exclude that, by unit.
     *
     * @param all whether those are told, too, that another tool marks as sensitive
     */
    public SequencedMap<String, SequencedMap<String, Json>> outputs(Path directory, Queue queue, boolean all) {
        Looking looking = looking(directory, "output", MockPolicy.UNKNOWN_ALLOWED);
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
