package dev.talosforge.pipeline.apply;

import dev.talosforge.config.unit.Unit;
import dev.talosforge.engine.Events;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.lint.Linter;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Findings of the content checks in the units of a run: counted, reported if new, or, in strict runs, what fails a
 * unit. Thread-safe.
 */
public final class LintGate {
    private final RunSettings settings;
    private final Map<String, List<LintFinding>> byUnit;
    private final AtomicInteger counted = new AtomicInteger();

    private LintGate(RunSettings settings, Map<String, List<LintFinding>> byUnit) {
        this.settings = settings;
        this.byUnit = byUnit;
    }

    /** Checks all units of a tree, as far as they can be evaluated before anything is applied. */
    public static LintGate of(TreeSession session) {
        List<Unit> units = new ArrayList<>();
        for (UnitTree.Node node : session.tree().nodes()) {
            evaluated(session, node, units);
        }
        return of(units, session.settings());
    }

    private static void evaluated(TreeSession session, UnitTree.Node node, List<Unit> units) {
        try {
            units.add(session.workspace().evaluate(node.directory()));
        } catch (BuildException e) {
            // Told when the unit's turn comes.
        }
    }

    public static LintGate of(List<Unit> units, RunSettings settings) {
        Map<String, List<LintFinding>> byUnit = new TreeMap<>();
        for (LintFinding finding : Linter.of(units, settings.overrides())) {
            byUnit.computeIfAbsent(finding.unit(), _ -> new ArrayList<>()).add(finding);
        }
        return new LintGate(settings, byUnit);
    }

    public List<LintFinding> of(String unit) {
        return List.copyOf(byUnit.getOrDefault(unit, List.of()));
    }

    /**
     * Like {@link #of(String)}.
     *
     * @param locked whether a lock has every image of the unit
     */
    public List<LintFinding> of(String unit, boolean locked) {
        return of(unit).stream()
                .filter(finding -> !locked || !finding.check().isAboutTags())
                .toList();
    }

    /** Like {@link #check}, for a unit that is left to another tool. */
    void checkModule(UnitTree.Node node, Events events) {
        List<LintFinding> found = of(node.name()).stream()
                .filter(finding -> finding.check().isAboutModule())
                .toList();
        List<Problem> problems = problems(found, settings);
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        found.forEach(finding -> events.warning(node.name(), finding.line()));
    }

    /**
     * In strict runs, throws findings that can be fixed. Reports findings that could not be seen before, and counts the
     * rest, which {@code validate} shows: nobody reads a warning that comes with every command.
     *
     * @param unit with the values of its turn: real ones where the first check had only mocks
     * @param pins what the tree's lock says of it
     * @param applied whether the unit is run now
     * @return findings about the installation, which are not reported yet
     */
    List<LintFinding> check(UnitTree.Node node, Unit unit, UnitPins pins, boolean applied, Events events) {
        List<LintFinding> before = of(node.name());
        List<LintFinding> found = new ArrayList<>(before);
        Linter.of(List.of(unit), settings.overrides()).stream()
                .filter(finding -> !finding.check().comparesUnits())
                .filter(finding -> !found.contains(finding))
                .forEach(found::add);
        found.removeIf(finding -> finding.check().isNote());
        if (pins.pinAll(unit, settings.overrides())) {
            found.removeIf(finding -> finding.check().isAboutTags());
        }
        List<Problem> problems = problems(found, settings);
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        found.removeIf(finding -> applied && finding.check().isReportedByApply());
        List<LintFinding> installation = found.stream()
                .filter(finding -> finding.check().isAboutInstallation())
                .toList();
        if (applied) {
            found.removeAll(installation);
        }
        for (LintFinding finding : found) {
            if (!before.contains(finding) || finding.check().isAboutRun(applied)) {
                events.warning(node.name(), finding.line());
            } else {
                counted.incrementAndGet();
                events.detail(node.name(), finding.line());
            }
        }
        return installation;
    }

    /** One line for all that was counted. */
    public void reportCount(Path directory, Events events) {
        int count = counted.get();
        if (count > 0) {
            events.warning(
                    "",
                    "the tree has " + (count == 1 ? "1 warning" : count + " warnings"),
                    Remedy.command(Verb.VALIDATE)
                            .in(directory.toString())
                            .then(count == 1 ? " shows it" : " shows them"));
        }
    }

    /** Findings that are problems in strict runs. */
    static List<Problem> problems(List<LintFinding> found, RunSettings settings) {
        return found.stream()
                .filter(finding -> settings.strict() && finding.check().isFixableInTree())
                .map(LintFinding::toProblem)
                .toList();
    }
}
