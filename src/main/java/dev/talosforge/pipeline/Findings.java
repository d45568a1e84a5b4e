package dev.talosforge.pipeline;

import dev.talosforge.config.Unit;
import dev.talosforge.engine.Events;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the content checks find in the units of a run: counted, said where it is new, or what ends a unit's turn where
 * somebody is strict. May be asked by several threads.
 */
final class Findings {
    private final RunSettings settings;
    private final Map<String, List<Finding>> byUnit;
    private final AtomicInteger counted = new AtomicInteger();

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
                .filter(finding -> finding.check().isAboutModule())
                .toList();
        List<Problem> problems = problems(found, settings);
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        found.forEach(finding -> events.warning(node.name(), finding.line()));
    }

    /**
     * Throws what can be mended where somebody is strict. Says what nobody could see before, and counts the rest, which
     * {@code validate} shows: a warning that comes with every command is not read any more.
     *
     * @param unit with the values of its turn: real where the first look had only mocks
     * @param pins what the tree's lock says of it
     * @param applied whether the unit is run now
     * @return what is about the installation, which is not said yet
     */
    List<Finding> heed(UnitTree.Node node, Unit unit, Pins pins, boolean applied, Events events) {
        List<Finding> before = of(node.name());
        List<Finding> found = new ArrayList<>(before);
        ContentChecks.of(List.of(unit), settings.overrides()).stream()
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
        found.removeIf(finding -> applied && finding.check().isToldByApply());
        List<Finding> installation = found.stream()
                .filter(finding -> finding.check().isAboutInstallation())
                .toList();
        if (applied) {
            found.removeAll(installation);
        }
        for (Finding finding : found) {
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
    void tellHowMany(Path directory, Events events) {
        int count = counted.get();
        if (count > 0) {
            events.warning(
                    "",
                    "the tree has %s; talos-forge -C '%s' validate shows %s"
                            .formatted(
                                    count == 1 ? "1 warning" : count + " warnings",
                                    directory,
                                    count == 1 ? "it" : "them"));
        }
    }

    /** What is a problem for those who are strict. */
    static List<Problem> problems(List<Finding> found, RunSettings settings) {
        return found.stream()
                .filter(finding -> settings.strict() && finding.check().isMendedInTree())
                .map(Finding::toProblem)
                .toList();
    }
}
