package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.Stack;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of a stack: of each unit that its file declares, by the unit's name. Mocks replace missing outputs unit
 * by unit.
 *
 * @param name of the dependency
 * @param header where it is declared
 */
record StackOutputs(EvaluationRun run, String name, Range header) {
    /** The units that a stack generates, and those that stacks in it generate. */
    static List<Path> unitsBelow(EvaluationRun run, Path folder) {
        List<Path> units = new ArrayList<>();
        for (Component component : stack(run, folder).components().values()) {
            if (run.seen().isUnit(component.folder())) {
                units.add(component.folder());
            } else if (run.seen().isStack(component.folder())) {
                units.addAll(unitsBelow(run, component.folder()));
            }
        }
        return units;
    }

    private static Stack stack(EvaluationRun run, Path folder) {
        Stack stack = run.seen().stack(folder);
        if (stack == null) {
            throw new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot read the stack in " + run.shown(folder))
                    .because("a value in it needs the outputs of its own units"));
        }
        if (!stack.problems().isEmpty()) {
            throw new BuildException(stack.problems(), null);
        }
        return stack;
    }

    ResolvedDependency unknown(Path folder) {
        SortedMap<String, Dependency> units = new TreeMap<>();
        for (Component unit : stack(run, folder).components().values()) {
            if (isUnit(unit)) {
                units.put(
                        unit.name(),
                        new Dependency(name + "." + unit.name(), unit.folder(), Dependency.Outputs.MISSING));
            }
        }
        return new ResolvedDependency(
                new Dependency(name, folder, Dependency.Outputs.MISSING), Value.unknown(), header, true, units);
    }

    private boolean isUnit(Component component) {
        return component.kind() == Component.Kind.UNIT && run.seen().isUnit(component.folder());
    }

    /** @param mocks by the names of the units; null if they are not used */
    ResolvedDependency look(Path folder, @Nullable SortedMap<String, Value> mocks) {
        SortedMap<String, Value> outputs = new TreeMap<>();
        SortedMap<String, Dependency> units = new TreeMap<>();
        for (Component component : stack(run, folder).components().values()) {
            if (isUnit(component)) {
                look(component, mocks == null ? null : mocks.get(component.name()), outputs, units);
            }
        }
        return new ResolvedDependency(
                new Dependency(name, folder, of(units)), Value.object(outputs), header, true, units);
    }

    private void look(
            Component unit,
            @Nullable Value mock,
            SortedMap<String, Value> outputs,
            SortedMap<String, Dependency> units) {
        Path folder = unit.folder();
        SortedMap<String, Value> recorded = run.settings().outputs().outputs(folder, run.stateHome(folder));
        Dependency.Outputs kind;
        if (recorded != null && !(recorded.isEmpty() && mock != null)) {
            kind = Dependency.Outputs.RECORDED;
            outputs.put(unit.name(), Value.object(recorded));
        } else if (mock != null && run.settings().mocks() != MockPolicy.RECORDED_ONLY) {
            kind = Dependency.Outputs.MOCKED;
            outputs.put(unit.name(), mock);
        } else if (run.settings().mocks() != MockPolicy.REAL_ONLY) {
            kind = Dependency.Outputs.MISSING;
            outputs.put(unit.name(), Value.unknown());
        } else {
            throw header.failure(
                    Kind.ENVIRONMENT,
                    "dependency \"%s\" has no outputs of \"%s\" yet".formatted(name, unit.name()),
                    "nothing is recorded for " + run.shown(folder),
                    Remedy.sentence("run: ", run.applying(folder)));
        }
        units.put(unit.name(), new Dependency(name + "." + unit.name(), folder, kind));
    }

    private static Dependency.Outputs of(SortedMap<String, Dependency> units) {
        for (Dependency.Outputs kind : List.of(Dependency.Outputs.MOCKED, Dependency.Outputs.MISSING)) {
            if (units.values().stream().anyMatch(unit -> unit.outputs() == kind)) {
                return kind;
            }
        }
        return Dependency.Outputs.RECORDED;
    }
}
