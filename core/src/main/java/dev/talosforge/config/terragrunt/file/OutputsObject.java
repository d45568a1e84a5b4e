package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.problem.NearestName;
import java.util.Set;
import java.util.SortedMap;

/** The outputs of a dependency in an expression; it reports to the run which of them are used. */
record OutputsObject(EvaluationRun run, ResolvedDependency dependency) implements LazyObject {
    @Override
    public Value member(String name, Range at) {
        uses(Set.of(name));
        if (!(dependency.outputs() instanceof Value.Mapping(var _, SortedMap<String, Value> members))) {
            return dependency.outputs();
        }
        Value member = members.get(name);
        if (member != null) {
            return member;
        }
        boolean mocked = dependency.dependency().outputs() == Dependency.Outputs.MOCKED;
        MockPolicy mocks = run.settings().mocks();
        if ((mocked && mocks == MockPolicy.UNKNOWN_ALLOWED) || mocks == MockPolicy.RECORDED_ONLY) {
            return Value.unknown();
        }
        String known = members.isEmpty() ? "nothing" : String.join(", ", members.keySet());
        String nearest = NearestName.suggestion(name, members.keySet());
        throw at.problem(
                "dependency \"%s\" has no output \"%s\""
                        .formatted(dependency.dependency().name(), name),
                switch (dependency.dependency().outputs()) {
                    case MOCKED -> "it is not applied yet, and its mock_outputs have " + known;
                    case UNUSED -> unused();
                    case RECORDED, MISSING -> "recorded: " + known;
                },
                nearest != null || !mocked ? nearest : "add %s to its mock_outputs".formatted(name));
    }

    private String unused() {
        return dependency.enabled() ? "its skip_outputs is true" : "its enabled is false";
    }

    @Override
    public Value whole(Range at) {
        MockPolicy mocks = run.settings().mocks();
        if (dependency.dependency().outputs() == Dependency.Outputs.UNUSED) {
            if (mocks == MockPolicy.UNKNOWN_ALLOWED || mocks == MockPolicy.RECORDED_ONLY) {
                return Value.unknown();
            }
            throw at.problem(
                    "dependency \"%s\" has no outputs"
                            .formatted(dependency.dependency().name()),
                    unused(),
                    null);
        }
        if (dependency.outputs() instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
            uses(members.keySet());
        }
        return dependency.outputs();
    }

    /** For a stack, the members are units, and reading a member uses all its outputs. */
    private void uses(Set<String> names) {
        if (dependency.ofStack().isEmpty()) {
            run.uses(dependency.dependency().directory(), names);
            return;
        }
        dependency.ofStack().forEach((name, unit) -> {
            if (names.contains(name)
                    && dependency.outputs() instanceof Value.Mapping(var _, var units)
                    && units.get(name) instanceof Value.Mapping(var _, var members)) {
                run.uses(unit.directory(), members.keySet());
            }
        });
    }
}
