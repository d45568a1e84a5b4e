package dev.talosforge.config.terragrunt.stack;

import dev.talosforge.config.hcl.eval.Locals;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockRules;
import dev.talosforge.config.terragrunt.functions.FileFunctionTable;
import dev.talosforge.config.terragrunt.functions.StackValues;
import dev.talosforge.config.terragrunt.functions.TerragruntFunctions;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.terragrunt.run.Stack;
import dev.talosforge.config.terragrunt.run.StackScope;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code terragrunt.stack.hcl} in Terragrunt's order: locals; includes; the paths of its units and stacks,
 * which the rest may name; what a stack above adds to it; then the rest. Throws all problems at once.
 */
public final class StackFile {
    private static final int MAX_COMPONENTS = 10_000;

    private final EvaluationRun run;
    private final Path folder;
    private final @Nullable Component self;
    private final FileContext context;
    private final SequencedMap<String, ComponentBlock> blocks = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private Value local = Value.object(new TreeMap<>());

    /**
     * A stack's file.
     *
     * @param folder where it is, absolute
     * @param self the component that the folder is; null for a stack that no other stack generates
     */
    public StackFile(EvaluationRun run, Path folder, @Nullable Component self) {
        this.run = run;
        this.folder = folder;
        this.self = self;
        this.context = FileContext.ofUnit(folder.resolve(UnitFiles.STACK_FILE_NAME));
    }

    public Stack read() {
        Body body = run.seen().body(context.file());
        if (run.seen().isUnit(folder)) {
            throw body.range()
                    .problem(
                            "cannot read the stack in " + run.shown(folder),
                            "the folder also has a %s, and can only be a unit or a stack"
                                    .formatted(UnitFiles.FILE_NAME),
                            "move one of them");
        }
        problems.addAll(StackSyntax.check(body));
        check();
        Scope names = names(body);
        declare(body, names);
        check();
        addAbove(withPaths(names));
        check();
        if (blocks.isEmpty() || blocks.size() > MAX_COMPONENTS) {
            throw body.range()
                    .problem(
                            "cannot read the stack in " + run.shown(folder),
                            blocks.isEmpty()
                                    ? "it has neither a unit nor a stack"
                                    : "it has more than %d units and stacks".formatted(MAX_COMPONENTS),
                            null);
        }
        ComponentReader reader = new ComponentReader(
                run, folder, self == null ? 1 : self.level() + 1, new StackScope(context, withPaths(names)));
        SortedMap<Path, Component> components = new TreeMap<>();
        SortedMap<String, Value> described = new TreeMap<>();
        for (ComponentBlock block : blocks.values()) {
            collect(() -> {
                Component component = reader.read(block);
                if (components.putIfAbsent(component.folder(), component) != null) {
                    throw block.problem("another one has the same path", "give each its own path");
                }
                described.put(block.key(), reader.described(block, component));
            });
        }
        check();
        return new Stack(folder, components, described(described), List.of());
    }

    private void check() {
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
    }

    private void collect(Runnable part) {
        try {
            part.run();
        } catch (BuildException e) {
            problems.addAll(e.problems());
        }
    }

    /** The values of the stack itself, and its locals, which may use them. */
    private Scope names(Body body) {
        Value values = StackValues.of(run, folder, body.range());
        Scope outer = values == null ? Scope.empty() : Scope.empty().with("values", values);
        List<Body.Block> found = body.blocks("locals");
        if (found.isEmpty()) {
            return outer;
        }
        Locals locals = new Locals(
                "local", BlockRules.only(found.getFirst(), found).body().attributes());
        locals.evaluateWith(FileFunctionTable.evaluator(run, new StackScope(context, outer.with("local", locals))));
        local = locals.whole(found.getFirst().header());
        return outer.with("local", local);
    }

    /** The file's own blocks and those of its includes, which are evaluated as if they were in the file. */
    private void declare(Body body, Scope names) {
        StackScope scope = new StackScope(context, names);
        List<Body> bodies = new ArrayList<>(List.of(body));
        body.blocks("include").forEach(include -> collect(() -> bodies.add(included(include, scope))));
        Set<String> paths = new HashSet<>();
        for (Body one : bodies) {
            each(one, (kind, block) -> {
                ComponentBlock placed = ComponentBlock.place(run, folder, kind, block, scope, null);
                if (!paths.add(kind.block() + " " + placed.path().strip())) {
                    throw placed.problem("another one has the same path", "give each its own path");
                }
                if (blocks.putIfAbsent(placed.key(), placed) != null) {
                    throw placed.problem("another one has the same name", null);
                }
            });
        }
    }

    private interface EachBlock {
        void take(Component.Kind kind, Body.Block block);
    }

    private void each(Body body, EachBlock action) {
        for (Body.Block block : body.blocks()) {
            Component.Kind kind = ComponentBlock.kind(block);
            if (kind != null) {
                collect(() -> action.take(kind, block));
            }
        }
    }

    private Body included(Body.Block include, StackScope scope) {
        Body.Attribute attribute = include.body().attribute("path");
        if (attribute == null) {
            throw include.header().problem("cannot include", "the block has no path", null);
        }
        Value value = FileFunctionTable.evaluator(run, scope).evaluate(attribute.value());
        if (!(value instanceof Value.Text(String text)) || text.isEmpty()) {
            throw attribute
                    .value()
                    .range()
                    .problem("cannot include this", "expected a path, found " + value.kindName(), null);
        }
        Path file = TerragruntFunctions.path(folder, text, attribute.value().range());
        if (!run.seen().isFile(file)) {
            throw attribute.value().range().problem("cannot include this", "there is no file " + run.shown(file), null);
        }
        return checked(run.seen().body(file));
    }

    private static Body checked(Body body) {
        List<Problem> wrong = StackSyntax.checkIncluded(body);
        if (!wrong.isEmpty()) {
            throw new BuildException(wrong, null);
        }
        return body;
    }

    /**
     * What the stack above adds, evaluated in that stack's scope, or what Terragrunt wrote of it; it wins by its name.
     */
    private void addAbove(Scope names) {
        Component.AutoInclude above = self == null ? null : self.added();
        Path written = folder.resolve(Component.Kind.STACK.autoInclude());
        if (above == null && !run.seen().isFile(written)) {
            return;
        }
        collect(() -> {
            Body body = checked(above == null ? run.seen().body(written) : above.body());
            StackScope scope = above == null ? new StackScope(context, names) : above.scope();
            each(body, (kind, block) -> {
                ComponentBlock placed = ComponentBlock.place(run, folder, kind, block, scope, scope);
                blocks.put(placed.key(), placed);
            });
        });
    }

    /** The names, including {@code unit.NAME.path} and {@code stack.NAME.path}: where each will be. */
    private Scope withPaths(Scope names) {
        Scope scope = names;
        for (Component.Kind kind : Component.Kind.values()) {
            SortedMap<String, Value> paths = new TreeMap<>();
            blocks.values().stream()
                    .filter(block -> block.kind() == kind)
                    .forEach(block -> paths.put(
                            block.name(),
                            Value.object(Map.of("path", Value.of(EvaluationRun.slashed(block.folder()))))));
            scope = scope.with(kind.block(), Value.object(paths));
        }
        return scope;
    }

    /** What a file sees that reads this one. */
    private Value described(SortedMap<String, Value> components) {
        SortedMap<String, Value> members = new TreeMap<>();
        members.put("local", local);
        for (Component.Kind kind : Component.Kind.values()) {
            SortedMap<String, Value> named = new TreeMap<>();
            for (ComponentBlock block : blocks.values()) {
                Value component = components.get(block.key());
                if (block.kind() == kind && component != null) {
                    named.put(block.name(), component);
                }
            }
            if (!named.isEmpty()) {
                members.put(kind.block(), Value.object(named));
            }
        }
        return Value.object(members);
    }
}
