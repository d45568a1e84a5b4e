package dev.talosforge.pipeline.apply;

import dev.talosforge.config.unit.Unit;
import dev.talosforge.engine.Graph.OnFailure;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.pipeline.run.UnitRunner;
import dev.talosforge.pipeline.run.UnitRunner.Done;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates units and the inputs of those that are ours. Units are evaluated by several threads.
 *
 * @param views of the units that could be evaluated, by name
 * @param units evaluated, by name
 * @param locked names of those of which every image has a digest
 */
public record ValidateTask(
        BuildContext context,
        RunSettings settings,
        TreeSession session,
        Map<String, UnitView> views,
        SortedMap<String, Unit> units,
        Set<String> locked) {
    public ValidateTask(BuildContext context, RunSettings settings, TreeSession session) {
        this(
                context,
                settings,
                session,
                new ConcurrentHashMap<>(),
                Collections.synchronizedSortedMap(new TreeMap<>()),
                ConcurrentHashMap.newKeySet());
    }

    /** Validates the queue's units. Called once. */
    public List<ValidatedUnit> all(RunQueue queue) throws InterruptedException {
        RunQueue onAllCores =
                queue.atATime(Runtime.getRuntime().availableProcessors()).onFailure(OnFailure.CARRY_ON);
        UnitRunner runner = new UnitRunner(context.events(), settings.clock());
        List<UnitResult> results = runner.run(queue.of(session.tree()), onAllCores, this::of);
        LintGate gate = LintGate.of(List.copyOf(units.values()), settings);
        return results.stream()
                .map(result -> validated(
                        result, gate.of(result.unit(), locked.contains(result.unit())), views.get(result.unit())))
                .toList();
    }

    private Done of(UnitTree.Node node) throws Exception {
        if (node.excluded() != null) {
            node.check();
            viewIfReadable(node).ifPresent(view -> views.put(node.name(), view));
            return Done.without(Ending.EXCLUDED, node.excluded());
        }
        Unit unit = session.evaluate(node);
        units.put(node.name(), unit);
        views.put(node.name(), session.views().of(unit));
        node.check();
        Stage stage = Stage.of(unit, settings.overrides());
        SortedSet<String> later = stage.check();
        stage.checkMachine(context);
        if (session.pins(node).pinAll(unit, settings.overrides())) {
            locked.add(node.name());
        }
        return later.isEmpty()
                ? Done.of(Ending.VALID)
                : Done.without(Ending.VALID, "known only when it is applied: " + String.join(", ", later));
    }

    /** Wrong inputs of a unit that is not run do not matter. */
    private Optional<UnitView> viewIfReadable(UnitTree.Node node) {
        try {
            return Optional.of(session.views().of(session.evaluate(node)));
        } catch (BuildException e) {
            return Optional.empty();
        }
    }

    private ValidatedUnit validated(UnitResult result, List<LintFinding> all, @Nullable UnitView seen) {
        List<LintFinding> found =
                all.stream().filter(finding -> !finding.check().isNote()).toList();
        UnitView view = seen == null
                ? null
                : seen.withNotes(all.stream()
                        .filter(finding -> finding.check().isNote())
                        .map(LintFinding::line)
                        .toList());
        List<Problem> problems = LintGate.problems(found, settings);
        return problems.isEmpty()
                ? new ValidatedUnit(result, found, view)
                : new ValidatedUnit(
                        result.failedBy(problems),
                        found.stream()
                                .filter(finding -> !finding.check().isFixableInTree())
                                .toList(),
                        view);
    }
}
