package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.FunctionTable;
import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.functions.FileFunctionTable;
import dev.talosforge.config.terragrunt.functions.StackValues;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.terragrunt.run.StackScope;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.problem.NearestName;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One file, evaluated for one unit. Its parts are evaluated when they are read, so that a file may use an included
 * one's locals while that one's inputs still wait for outputs. To other files it is an object with {@code locals},
 * {@code inputs} and so on.
 */
public final class FileEvaluation implements LazyObject {
    private final FileScope file;
    private final MergedFile merged;
    private final Dependencies dependencies;
    private final FileParts parts;

    public FileEvaluation(EvaluationRun run, FileContext context) {
        this(run, context, null, run.seen().body(context.file()), null);
    }

    /**
     * The evaluation of a file.
     *
     * @param includer the file that includes this one, or that a stack merges this one into
     * @param stack the scope that the text is evaluated in; null if the text is not that of a stack
     */
    private FileEvaluation(
            EvaluationRun run,
            FileContext context,
            @Nullable FileEvaluation includer,
            Body body,
            @Nullable StackScope stack) {
        this.file = new FileScope(run, context, body);
        this.merged = new MergedFile(file, this, this::opened);
        this.dependencies = new Dependencies(merged);
        Features features = new Features(merged);
        this.parts = new FileParts(merged, dependencies, features);
        Scope outer =
                stack == null ? Scope.empty().with("values", new StackValues(run, context.directory())) : stack.names();
        FunctionTable files = FileFunctionTable.of(run, stack == null ? context : stack.context());
        FunctionTable functions = stack == null ? FileFunctionTable.of(run, context, this::includeDirectory) : files;
        Scope scope = (stack == null ? outer.with("local", file.locals()) : outer)
                .with("include", new IncludeObject(merged))
                .with("feature", features)
                .with(
                        "dependency",
                        includer == null
                                ? dependencies
                                : new Dependencies.OfIncluded(includer.dependencies, dependencies));
        file.evaluateWith(new Evaluator(outer, files, run.budget()), new Evaluator(scope, functions, run.budget()));
    }

    private MergedFile opened(FileContext context, Component.@Nullable AutoInclude added) {
        EvaluationRun run = file.run();
        FileEvaluation other = added == null
                ? new FileEvaluation(run, context, this, run.seen().body(context.file()), null)
                : new FileEvaluation(run, context, this, added.body(), added.scope());
        return other.merged;
    }

    /** The folder of the file that is included, or that includes; this file's if there is none. */
    private Path includeDirectory(Arguments arguments) {
        FileContext context = file.context();
        if (context.includedFrom() != null) {
            return context.fileDirectory();
        }
        Path included = merged.includes().file(arguments);
        return included == null ? context.directory() : FileContext.parent(included);
    }

    /** The file by itself. */
    public FileScope file() {
        return file;
    }

    /** The file with its includes. */
    public MergedFile merged() {
        return merged;
    }

    public Dependencies dependencies() {
        return dependencies;
    }

    public FileParts parts() {
        return parts;
    }

    /** The files that it includes, in the order of the blocks. */
    public List<Path> includedFiles() {
        return merged.includes().files();
    }

    /** The source of the unit's module; null if there is none. */
    public @Nullable String source() {
        return ModuleSource.of(merged);
    }

    public @Nullable RemoteState remoteState() {
        return RemoteStateReader.of(merged);
    }

    @Override
    public Value member(String name, Range at) {
        Value part = FileParts.NAMES.contains(name) ? parts.part(name, at) : null;
        if (part == null) {
            List<String> known = parts.names();
            throw at.problem(
                    "unknown attribute \"" + name + "\"",
                    "%s has %s".formatted(file.run().shown(file.context().file()), String.join(", ", known)),
                    NearestName.suggestion(name, known));
        }
        return part;
    }

    @Override
    public @Nullable LazyObject nested(String name, Range at) {
        return switch (name) {
            case "locals" -> file.locals();
            case "dependency" -> dependencies;
            default -> null;
        };
    }

    @Override
    public Value whole(Range at) {
        SortedMap<String, Value> members = new TreeMap<>();
        for (String name : FileParts.NAMES) {
            Value part = parts.part(name, at);
            if (part != null) {
                members.put(name, part);
            }
        }
        return Value.object(members);
    }
}
