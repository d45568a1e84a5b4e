package dev.talosforge.pipeline;

import dev.talosforge.config.Unit;
import dev.talosforge.engine.Events;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the content checks find in the units of a run: said before a unit's turn, or what ends its turn where somebody is
 * strict. May be asked by several threads.
 */
final class Findings {
    private final RunSettings settings;
    private final Map<String, List<Finding>> byUnit;

    private Findings(RunSettings settings, Map<String, List<Finding>> byUnit) {
        this.settings = settings;
        this.byUnit = byUnit;
    }

    /** Looks at all units of a tree, as far as they can be evaluated before anything is applied. */
    static Findings of(Looking looking) {
        List<Unit> units = new ArrayList<>();
        for (UnitTree.Node node : looking.tree().nodes()) {
            evaluated(looking, node, units);
        }
        return of(units, looking.settings());
    }

    private static void evaluated(Looking looking, UnitTree.Node node, List<Unit> units) {
        try {
            units.add(looking.workspace().evaluate(node.directory()));
        } catch (BuildException e) {
            // Told when the unit's turn comes.
        }
    }

    static Findings of(List<Unit> units, RunSettings settings) {
        Map<String, List<Finding>> byUnit = new TreeMap<>();
        for (Finding finding : ContentChecks.of(units, settings.overrides())) {
            byUnit.computeIfAbsent(finding.unit(), _ -> new ArrayList<>()).add(finding);
        }
        return new Findings(settings, byUnit);
    }

    List<Finding> of(String unit) {
        return List.copyOf(byUnit.getOrDefault(unit, List.of()));
    }

    /**
     * As {@link #of(String)}.
     *
     * @param locked whether a lock has every image of the unit
     */
    List<Finding> of(String unit, boolean locked) {
        return of(unit).stream()
                .filter(finding -> !locked || !finding.check().isAboutTags())
                .toList();
    }

    /** As {@link #heed}, of a unit that is left to another tool. */
    void heedModule(UnitTree.Node node, Events events) {
        List<Finding> found = of(node.name()).stream()
                .filter(finding -> finding.check() == Check.MODULE_NEAR_OURS)
                .toList();
        if (settings.strict() && !found.isEmpty()) {
            throw new BuildException(found.stream().map(Finding::toProblem).toList(), null);
        }
        found.forEach(finding -> events.warning(node.name(), finding.line()));
    }

    /**
     * Says what was found, and throws what can be mended where somebody is strict.
     *
     * @param unit with the values of its turn: real where the first look had only mocks
     * @param pins what the tree's lock says of it
     * @return what is about the installation, which is not said yet
     */
    List<Finding> heed(UnitTree.Node node, Unit unit, Pins pins, Events events) {
        List<Finding> found = new ArrayList<>(of(node.name()));
        ContentChecks.of(List.of(unit), settings.overrides()).stream()
                .filter(finding -> !finding.check().comparesUnits())
                .filter(finding -> !found.contains(finding))
                .forEach(found::add);
        if (pins.pinAll(unit, settings.overrides())) {
            found.removeIf(finding -> finding.check().isAboutTags());
        }
        List<Problem> problems = problems(found, settings);
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        found.stream()
                .filter(finding -> !finding.check().isAboutInstallation()
                        && !finding.check().isToldByApply())
                .forEach(finding -> events.warning(node.name(), finding.line()));
        return found.stream()
                .filter(finding -> finding.check().isAboutInstallation())
                .toList();
    }

    /** What is a problem for those who are strict. */
    static List<Problem> problems(List<Finding> found, RunSettings settings) {
        return found.stream()
                .filter(finding -> settings.strict() && finding.check().isMendedInTree())
                .map(Finding::toProblem)
                .toList();
    }
}
