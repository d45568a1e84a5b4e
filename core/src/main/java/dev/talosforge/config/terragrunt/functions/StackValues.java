package dev.talosforge.config.terragrunt.functions;

import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.eval.Locals;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import java.nio.file.Path;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** {@code values}: what a stack gives to what it generates, or what Terragrunt wrote beside the file. */
public final class StackValues implements LazyObject {
    public static final String FILE_NAME = "terragrunt.values.hcl";

    private final EvaluationRun run;
    private final Path folder;

    /** What {@code values} means in the files of a folder; a missing value is found when it is read. */
    public StackValues(EvaluationRun run, Path folder) {
        this.run = run;
        this.folder = folder;
    }

    /** The values of a folder; null if it has none. */
    public static @Nullable Value of(EvaluationRun run, Path folder, Range at) {
        Component component = run.seen().component(folder);
        if (component != null && component.source() != null && component.values() != null) {
            component.unsupported().forEach(run::unsupported);
            return component.values();
        }
        Path written = folder.resolve(FILE_NAME);
        if (!run.seen().isFile(written)) {
            return null;
        }
        // They use no names.
        Body body = run.seen().body(written);
        Locals values = new Locals("values", body.attributes());
        values.evaluateWith(new Evaluator(Scope.empty(), StandardFunctions.table(), run.budget()));
        return values.whole(at);
    }

    @Override
    public Value member(String name, Range at) {
        Value all = whole(at);
        if (!(all instanceof Value.Mapping(var _, SortedMap<String, Value> members))) {
            return Value.unknown();
        }
        Value member = members.get(name);
        if (member == null) {
            throw at.problem(
                    "unknown name \"values." + name + "\"",
                    given(String.join(", ", members.keySet())),
                    NearestName.suggestion(name, members.keySet()));
        }
        return member;
    }

    @Override
    public Value whole(Range at) {
        Value values = of(run, folder, at);
        if (values == null) {
            boolean made = run.seen().component(folder) != null;
            throw at.failure(
                    Kind.INVALID_INPUT,
                    "cannot use values",
                    made
                            ? given("")
                            : "a stack gives them to the units that it generates, and no stack generates "
                                    + run.shown(folder),
                    made
                            ? new Remedy.Text("add to its block: values = { NAME = … }")
                            : Remedy.sentence(
                                    "name the folder of the tree that the stack is in: ",
                                    Remedy.command(Verb.SAME).in("DIR")));
        }
        return values;
    }

    /** Several units are generated from one file: the message says whose values these are. */
    private String given(String names) {
        Component component = run.seen().component(folder);
        String whose = component == null
                ? run.shown(folder)
                : "%s \"%s\" of the stack".formatted(component.kind().block(), component.name());
        return names.isEmpty() ? whose + " is given none" : "%s is given %s".formatted(whose, names);
    }
}
