package dev.talosforge.config.terragrunt.stack;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.functions.FileFunctionTable;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.Stack;
import dev.talosforge.config.terragrunt.run.StackScope;
import dev.talosforge.config.unit.ValueReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code unit} or {@code stack} block of a stack's file with its place, which other blocks may name.
 *
 * @param path as it was written
 * @param folder where Terragrunt generates it, absolute
 * @param scope the scope that it is evaluated in; null for that of its file
 */
record ComponentBlock(
        Component.Kind kind,
        String name,
        Body.Block block,
        String path,
        Path folder,
        @Nullable StackScope scope) {

    /** The kind of component that a block declares; null if it declares none. */
    static Component.@Nullable Kind kind(Body.Block block) {
        return switch (block.type()) {
            case "unit" -> Component.Kind.UNIT;
            case "stack" -> Component.Kind.STACK;
            default -> null;
        };
    }

    /**
     * Determines where a block's copy will be.
     *
     * @param stack the folder of the file that it belongs to, absolute
     * @param known the scope available at that time
     * @param scope the scope of the rest of it; null for that of the file
     */
    static ComponentBlock place(
            EvaluationRun run,
            Path stack,
            Component.Kind kind,
            Body.Block block,
            StackScope known,
            @Nullable StackScope scope) {
        String name = block.labels().getFirst();
        Body.Attribute attribute = block.body().attribute("path");
        if (attribute == null) {
            throw block.header().problem(cannot(kind, name), "it has no path", null);
        }
        String path = text(run, kind, name, attribute, known);
        boolean beside = is(run, block, "no_dot_terragrunt_stack", known);
        Path base = beside ? stack : stack.resolve(Stack.MADE);
        String why;
        try {
            Path folder = base.resolve(path).normalize();
            why = path.isBlank()
                    ? "its path is empty"
                    : Path.of(path).isAbsolute()
                            ? "its path is absolute"
                            : !folder.startsWith(base)
                                    ? "its path leads out of " + run.shown(base)
                                    : folder.equals(stack) ? "its path is the folder of the stack itself" : null;
            if (why == null) {
                return new ComponentBlock(kind, name, block, path, folder, scope);
            }
        } catch (InvalidPathException e) {
            why = "its path is not valid: " + e.getReason();
        }
        throw attribute
                .value()
                .range()
                .problem(
                        cannot(kind, name), why, "a path starts from %s and stays below it".formatted(run.shown(base)));
    }

    /** A name that is unique among the blocks of the stack. */
    String key() {
        return kind.block() + "." + name;
    }

    String cannot() {
        return cannot(kind, name);
    }

    private static String cannot(Component.Kind kind, String name) {
        return "cannot generate %s \"%s\"".formatted(kind.block(), name);
    }

    BuildException problem(String why, @Nullable String remedy) {
        return block.header().problem(cannot(), why, remedy);
    }

    String text(EvaluationRun run, Body.Attribute attribute, StackScope with) {
        return text(run, kind, name, attribute, with);
    }

    private static String text(
            EvaluationRun run, Component.Kind kind, String name, Body.Attribute attribute, StackScope with) {
        Value value = FileFunctionTable.evaluator(run, with).evaluate(attribute.value());
        String text = ValueReader.asText(value);
        if (text != null) {
            return text;
        }
        if (!(value instanceof Value.Unknown)) {
            throw attribute
                    .value()
                    .range()
                    .problem(cannot(kind, name), attribute.name() + " " + ValueReader.mismatch(value, "text"), null);
        }
        if (!run.unsupported().isEmpty()) {
            throw new BuildException(run.unsupported(), null);
        }
        throw attribute
                .value()
                .range()
                .failure(
                        Kind.NOT_SUPPORTED,
                        cannot(kind, name),
                        "its %s is the output of a program, and programs do not run when a tree is only read"
                                .formatted(attribute.name()),
                        Remedy.sentence("give the command ", Remedy.give(RunOption.RUN_PROGRAMS)));
    }

    boolean is(EvaluationRun run, String attribute, StackScope with) {
        return is(run, block, attribute, with);
    }

    private static boolean is(EvaluationRun run, Body.Block block, String name, StackScope with) {
        Body.Attribute attribute = block.body().attribute(name);
        return attribute != null
                && Value.of(true)
                        .equals(Type.Simple.BOOL.convert(
                                FileFunctionTable.evaluator(run, with).evaluate(attribute.value())));
    }

    List<Body.Block> added() {
        return block.body().blocks("autoinclude");
    }
}
