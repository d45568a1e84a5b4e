package dev.talosforge.pipeline;

import dev.talosforge.config.Unit;
import dev.talosforge.pipeline.Runner.Done;
import dev.talosforge.pipeline.UnitResult.Ending;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Says what applying would do. May be called by several threads. */
record Planning(
        Workshop workshop, RunSettings settings, Looking looking, Findings findings, Map<String, StagePlan> plans) {
    private static final int NOT_FOUND = 404;

    Planning(Workshop workshop, RunSettings settings, Looking looking) {
        this(workshop, settings, looking, Findings.of(looking), new ConcurrentHashMap<>());
    }

    Planned planned(UnitResult result) {
        return new Planned(result, plans.get(result.unit()));
    }

    Done of(UnitTree.Node node) throws Exception {
        node.check();
        if (node.excluded() != null) {
            return Done.without(Ending.EXCLUDED, node.excluded());
        }
        Unit unit = looking.evaluate(node);
        Pins pins = Pins.of(looking, node);
        findings.heed(node, unit, pins, workshop.events())
                .forEach(finding -> workshop.events().warning(node.name(), finding.line()));
        List<String> mocked = unit.mockedDependencies();
        try {
            plans.put(node.name(), plan(node, unit, pins));
        } catch (BuildException e) {
            if (mocked.isEmpty() || !e.problems().stream().allMatch(Planning::isMissing)) {
                throw e;
            }
            // A mock names nothing that a registry has; what is real is seen when they are applied.
            return Done.without(
                    Ending.SKIPPED,
                    "mock outputs stand in for %s, and with them: %s"
                            .formatted(
                                    String.join(", ", mocked),
                                    e.problems().getFirst().what()));
        }
        if (!mocked.isEmpty()) {
            workshop.events().warning(node.name(), "mock outputs stand in for: " + String.join(", ", mocked));
        }
        return Done.without(Ending.PLANNED, inShort(node));
    }

    private static boolean isMissing(Problem problem) {
        return problem.where() instanceof Where.Remote(var _, var _, int status) && status == NOT_FOUND;
    }

    /** What the plan comes to, for a table of many. */
    private String inShort(UnitTree.Node node) {
        StagePlan plan = plans.get(node.name());
        if (plan == null || !node.ours()) {
            return node.module() == null ? "nothing to do" : "run by another tool";
        }
        int changes = plan.changes().size();
        return plan.basis() == StagePlan.Basis.NEVER_APPLIED
                ? "never applied"
                : changes == 0 ? "no changes" : changes == 1 ? "1 change" : changes + " changes";
    }

    private StagePlan plan(UnitTree.Node node, Unit unit, Pins pins) throws Exception {
        Made before = Made.read(looking.states().path(node.directory(), unit.remoteState()));
        return node.ours()
                ? Stage.of(unit, settings.overrides(), pins)
                        .plan(workshop, node.name(), before)
                        .with(new HookRuns(workshop, settings).lines(unit))
                : ConsumerPlan.of(looking.views().of(unit));
    }
}
