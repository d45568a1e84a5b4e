package dev.talosforge.pipeline.apply;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.engine.Graph.OnFailure;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.hook.HookRuns;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.run.ForeseenInputs;
import dev.talosforge.pipeline.run.RecordedApply;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.pipeline.run.UnitRunner;
import dev.talosforge.pipeline.run.UnitRunner.Done;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.StagePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Plans what applying would do. Thread-safe; called for each unit after its dependencies.
 *
 * @param plans of the units that had their turn, by name
 * @param foretold outputs that these units will have, as far as they are known, by folder
 */
public record PlanTask(
        BuildContext context,
        RunSettings settings,
        TreeSession session,
        LintGate gate,
        Map<String, StagePlan> plans,
        Map<Path, SortedMap<String, Value>> foretold) {
    PlanTask(BuildContext context, RunSettings settings, TreeSession session) {
        this(context, settings, session, LintGate.of(session), new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    /** Plans units of a tree; each is planned even if others fail. */
    public static List<PlannedUnit> all(BuildContext context, RunSettings settings, TreeSession session, RunQueue queue)
            throws InterruptedException {
        PlanTask task = new PlanTask(context, settings, session);
        UnitRunner runner = new UnitRunner(context.events(), settings.clock());
        List<UnitResult> results = runner.run(queue.of(session.tree()), queue.onFailure(OnFailure.CARRY_ON), task::of);
        task.gate().reportCount(session.tree().root(), context.events());
        return results.stream().map(task::planned).toList();
    }

    private PlannedUnit planned(UnitResult result) {
        return new PlannedUnit(result, plans.get(result.unit()));
    }

    private Done of(UnitTree.Node node) throws Exception {
        node.check();
        if (node.excluded() != null) {
            return Done.without(Ending.EXCLUDED, node.excluded());
        }
        Unit unit = session.evaluate(node);
        UnitPins pins = session.pins(node);
        gate.check(node, unit, pins, false, context.events());
        StagePlan plan = plan(node, unit, pins);
        plans.put(node.name(), node.managed() ? plan.with(new HookRuns(context, settings).lines(unit)) : plan);
        return node.managed()
                ? Done.without(Ending.PLANNED, inShort(node))
                : Done.without(Ending.NOT_MANAGED, node.whyNotManaged());
    }

    /** A summary of the plan, for a table of many. */
    private String inShort(UnitTree.Node node) {
        StagePlan plan = plans.get(node.name());
        if (plan == null) {
            throw new IllegalStateException("no plan for " + node.name());
        }
        long changes =
                plan.changes().stream().filter(change -> !change.isLater()).count();
        String waits = plan.waitsFor().isEmpty() ? "" : ", waits for " + String.join(", ", plan.waitsFor());
        if (plan.basis() == StagePlan.Basis.NEVER_APPLIED) {
            return "never applied" + waits;
        }
        return changes == 0
                ? waits.isEmpty() ? plan.hasChanges() ? "will change" : "no changes" : because(plan)
                : (changes == 1 ? "1 change" : changes + " changes") + waits;
    }

    private static String because(StagePlan plan) {
        return "will change, because %s %s"
                .formatted(String.join(", ", plan.waitsFor()), plan.waitsFor().size() == 1 ? "does" : "do");
    }

    private StagePlan plan(UnitTree.Node node, Unit unit, UnitPins pins) throws Exception {
        SortedMap<Path, SortedMap<String, Value>> changing = changing(unit);
        if (!node.managed()) {
            SortedSet<String> names = new TreeSet<>();
            changing.keySet().forEach(folder -> names.add(session.tree().nameOf(folder)));
            return ConsumerPlan.of(session.views().of(unit), names, settings.wording());
        }
        RecordedApply last = session.lastApply(unit);
        if (last.damage() != null) {
            context.events().warning(node.name(), last.damage());
        }
        ApplyRecord before = last.record();
        boolean recorded = unit.dependencies().stream().noneMatch(PlanTask::isMissing)
                && unit.inputs().values().stream().allMatch(Inputs::isKnown);
        if (recorded && changing.isEmpty()) {
            foretell(unit);
            return Stage.of(unit, settings.overrides(), pins).plan(context, node.name(), before);
        }
        Unit foreseen = session.foreseen(node, changing);
        foretell(foreseen);
        List<String> waits = waits(unit, changing);
        if (recorded) {
            ForeseenInputs all = ForeseenInputs.of(foreseen, unit);
            StagePlan plan = Stage.of(all.unit(), settings.overrides(), pins).plan(context, node.name(), before);
            return all.later().isEmpty() ? plan : plan.waiting(waits, all.later());
        }
        return unknown(node, foreseen, pins, before)
                .waiting(waits, ForeseenInputs.of(foreseen, null).later());
    }

    /** The plan as far as it is known while some inputs are unknown. */
    private StagePlan unknown(UnitTree.Node node, Unit foreseen, UnitPins pins, @Nullable ApplyRecord before)
            throws Exception {
        Stage.of(foreseen, settings.overrides()).check();
        ForeseenInputs known = ForeseenInputs.of(foreseen, null);
        Stage stage = Stage.of(known.unit(), settings.overrides(), pins);
        try {
            stage.read(stage.given().reader());
        } catch (BuildException e) {
            // What is known is right: what stands in for the rest cannot be read.
            return new StagePlan(
                    node.name(),
                    stage.title(),
                    ForeseenInputs.inputs(foreseen),
                    List.of(),
                    before == null ? StagePlan.Basis.NEVER_APPLIED : StagePlan.Basis.LAST_APPLY);
        }
        return known.marked(stage.plan(context, node.name(), before));
    }

    /** Units whose outputs will change, with what is known of them. */
    private SortedMap<Path, SortedMap<String, Value>> changing(Unit unit) {
        SortedMap<Path, SortedMap<String, Value>> changing = new TreeMap<>();
        for (Dependency dependency : unit.dependencies()) {
            Path folder = dependency.directory();
            StagePlan plan = session.tree().has(folder)
                    ? plans.get(session.tree().node(folder).name())
                    : null;
            if (plan != null && plan.hasChanges() && !dependency.used().isEmpty()) {
                changing.put(folder, foretold.getOrDefault(folder, new TreeMap<>()));
            }
        }
        return changing;
    }

    private List<String> waits(Unit unit, SortedMap<Path, SortedMap<String, Value>> changing) {
        return unit.dependencies().stream()
                .filter(dependency -> isMissing(dependency) || changing.containsKey(dependency.directory()))
                .map(dependency -> session.tree().nameOf(dependency.directory()))
                .toList();
    }

    private static boolean isMissing(Dependency dependency) {
        return dependency.outputs() == Dependency.Outputs.MOCKED
                || (dependency.outputs() == Dependency.Outputs.MISSING
                        && !dependency.used().isEmpty());
    }

    private void foretell(Unit unit) {
        SortedMap<String, Value> outputs = new TreeMap<>();
        try {
            Stage.of(unit, settings.overrides()).foretold().forEach((name, text) -> outputs.put(name, Value.of(text)));
        } catch (BuildException e) {
            // Its own plan says what is wrong, or not known.
        }
        foretold.put(unit.directory(), outputs);
    }
}
