package dev.talosforge.config.terragrunt.stack;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.functions.FileFunctionTable;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.Component.AutoInclude;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.StackScope;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the definitions of the units and stacks of one stack's file. */
final class ComponentReader {
    /** Terragrunt's limit is a thousand; trees that people write have three levels. */
    private static final int MAX_LEVEL = 12;

    /** Remote sources: a protocol, a forced getter, or a host that stands for one. */
    private static final Pattern REMOTE =
            Pattern.compile("[A-Za-z0-9+.-]+::.*|[A-Za-z][A-Za-z0-9+.-]*://.*|[^/@ ]+@[^/: ]+:.*"
                    + "|(?:github\\.com|gitlab\\.com|bitbucket\\.org|[^/]+\\.amazonaws\\.com)/.*");

    private final EvaluationRun run;
    private final Path stack;
    private final int level;
    private final StackScope own;

    /**
     * A reader.
     *
     * @param stack the folder of the file, absolute
     * @param level number of stacks that contain what it generates
     * @param own the file's scope
     */
    ComponentReader(EvaluationRun run, Path stack, int level, StackScope own) {
        this.run = run;
        this.stack = stack;
        this.level = level;
        this.own = own;
    }

    /**
     * The component. If its source is not available, what Terragrunt generated from it is used, or it has that problem;
     * other problems are thrown.
     */
    Component read(ComponentBlock block) {
        StackScope scope = block.scope() == null ? own : block.scope();
        Value values = values(block, scope);
        Path source = null;
        List<Problem> problems = List.of();
        try {
            checkLevel(block);
            source = checked(block, scope, source(block, scope));
        } catch (BuildException e) {
            problems = isMade(block, scope) ? List.of() : e.problems();
        }
        // What a stack above adds has no autoinclude itself: Terragrunt drops it, too.
        Body added = block.scope() != null || block.added().isEmpty()
                ? null
                : block.added().getFirst().body();
        return new Component(
                block.kind(),
                block.name(),
                block.folder(),
                source,
                values,
                added == null ? null : new AutoInclude(added, scope),
                level,
                problems,
                run.unsupported(),
                StackSyntax.leftAlone(block.block()));
    }

    /** The component as the stack's file shows it to a file that reads it. */
    Value described(ComponentBlock block, Component component) {
        StackScope scope = block.scope() == null ? own : block.scope();
        SortedMap<String, Value> members = new TreeMap<>();
        members.put("name", Value.of(block.name()));
        members.put("path", Value.of(block.path()));
        for (String name : List.of("source", "no_dot_terragrunt_stack", "no_validation")) {
            Body.Attribute attribute = block.block().body().attribute(name);
            if (attribute != null) {
                members.put(name, FileFunctionTable.evaluator(run, scope).evaluate(attribute.value()));
            }
        }
        if (component.values() != null) {
            members.put("values", component.values());
        }
        return Value.object(members);
    }

    private @Nullable Value values(ComponentBlock block, StackScope scope) {
        Body.Attribute attribute = block.block().body().attribute("values");
        if (attribute == null) {
            return null;
        }
        Value value = FileFunctionTable.evaluator(run, scope).evaluate(attribute.value());
        return switch (value) {
            case Value.Null _ -> null;
            case Value.Unknown _ -> value;
            case Value.Mapping _ -> written(value);
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Sequence _ ->
                throw attribute
                        .value()
                        .range()
                        .problem(
                                block.cannot(),
                                "its values must be an object, this is " + value.kindName(),
                                "write: values = { NAME = … }");
        };
    }

    /** A value as it is read from the file into which Terragrunt writes it: there are no maps, lists or sets. */
    private static Value written(Value value) {
        return switch (value) {
            case Value.Sequence(var _, List<Value> items) ->
                Value.tuple(items.stream().map(ComponentReader::written).toList());
            case Value.Mapping(var _, SortedMap<String, Value> members) -> {
                SortedMap<String, Value> written = new TreeMap<>();
                members.forEach((name, member) -> written.put(name, written(member)));
                yield Value.object(written);
            }
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Null _, Value.Unknown _ -> value;
        };
    }

    private Path source(ComponentBlock block, StackScope scope) {
        Body.Attribute attribute = block.block().body().attribute("source");
        if (attribute == null) {
            throw block.problem("it has no source", null);
        }
        String text = block.text(run, attribute, scope);
        // With a content store, Terragrunt reads such a source relative to the original place of the stack's file.
        Path base = block.is(run, "update_source_with_cas", scope) ? run.seen().onDisk(stack) : stack;
        try {
            Path folder = run.seen().onDisk(base.resolve(text).normalize());
            if (!text.isBlank() && Files.isDirectory(folder)) {
                return folder;
            }
        } catch (InvalidPathException e) {
            // Then Terragrunt does not see it as a path either.
        }
        throw missing(block, attribute, text);
    }

    private BuildException missing(ComponentBlock block, Body.Attribute attribute, String text) {
        if (text.isBlank()) {
            return attribute.value().range().problem(block.cannot(), "its source is empty", null);
        }
        if (REMOTE.matcher(text).matches() && !text.startsWith("file://")) {
            return attribute
                    .value()
                    .range()
                    .problem(
                            Kind.NOT_SUPPORTED,
                            block.cannot(),
                            "its source is remote, and only folders of this machine are read",
                            "generate it once with Terragrunt, whose result is read: terragrunt stack generate");
        }
        Path there = Path.of(text.replace('\0', '?'));
        Path written = run.seen().onDisk(stack).resolve(there).normalize();
        boolean moved = !there.isAbsolute() && !run.seen().onDisk(stack).equals(stack) && Files.isDirectory(written);
        return attribute
                .value()
                .range()
                .problem(
                        block.cannot(),
                        "there is no folder " + run.shown(stack.resolve(there).normalize()),
                        moved
                                ? "this stack is generated in %s, and its paths start from there; write: source = \"${get_repo_root()}/…\""
                                        .formatted(run.shown(stack))
                                : text.startsWith("file://")
                                        ? "write the path without file://"
                                        : "a relative source starts from " + run.shown(stack));
    }

    private void checkLevel(ComponentBlock block) {
        if (level > MAX_LEVEL) {
            throw block.problem(
                    "more than %d stacks are nested".formatted(MAX_LEVEL),
                    "a stack cannot be generated from a folder that contains it");
        }
    }

    private boolean isUnchecked(ComponentBlock block, StackScope scope) {
        return block.is(run, "no_validation", scope) || block.is(run, "no_dot_terragrunt_stack", scope);
    }

    /** Whether Terragrunt has already generated it. */
    private boolean isMade(ComponentBlock block, StackScope scope) {
        return Files.isRegularFile(block.folder().resolve(block.kind().file()))
                || (isUnchecked(block, scope) && Files.isDirectory(block.folder()));
    }

    private Path checked(ComponentBlock block, StackScope scope, Path source) {
        if (isUnchecked(block, scope)
                || Files.isRegularFile(source.resolve(block.kind().file()))) {
            return source;
        }
        throw block.problem(
                "there is no %s in its source %s".formatted(block.kind().file(), run.shown(source)),
                "name a folder that has one");
    }
}
