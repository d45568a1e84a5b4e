package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.FunctionTable;
import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.eval.Locals;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One file on behalf of one unit. Its parts are evaluated when they are asked for, so that a file may use an included
 * one's locals while that one's inputs still wait for outputs. Seen from outside it is an object with {@code locals},
 * {@code inputs} and so on.
 */
public final class FileEvaluation implements LazyObject {
    private final EvaluationRun run;
    private final FileContext context;
    private final Body body;
    private final Evaluator evaluator;
    /** For include blocks, which Terragrunt reads before it knows what is included. */
    private final Evaluator first;

    private final Locals locals;
    private final Includes includes;
    private final Dependencies dependencies;
    private final Features features;
    private @Nullable SortedMap<String, Value> inputs;

    public FileEvaluation(EvaluationRun run, FileContext context) {
        this(run, context, null);
    }

    /**
     * The evaluation of a file.
     *
     * @param includer the file that includes this one
     */
    public FileEvaluation(EvaluationRun run, FileContext context, @Nullable FileEvaluation includer) {
        this(run, context, includer, run.seen().body(context.file()), null);
    }

    /** What a stack puts over a unit that it makes, in the words of the stack's file. */
    static FileEvaluation over(
            EvaluationRun run, FileContext context, FileEvaluation unit, Component.AutoInclude added) {
        return new FileEvaluation(run, context, unit, added.body(), added.scope());
    }

    private FileEvaluation(
            EvaluationRun run,
            FileContext context,
            @Nullable FileEvaluation includer,
            Body body,
            @Nullable StackScope stack) {
        this.run = run;
        this.context = context;
        this.body = body;
        this.locals = locals(body);
        this.includes = new Includes(this, body);
        this.dependencies = new Dependencies(this);
        this.features = new Features(this);
        Scope outer =
                stack == null ? Scope.empty().with("values", new StackValues(run, context.directory())) : stack.names();
        FunctionTable files = FileFunctionTable.of(run, stack == null ? context : stack.context());
        this.first = new Evaluator(outer, files, run.budget());
        FunctionTable functions =
                stack == null ? files.with(new TerragruntFunctions(run, context, this::includeDirectory).all()) : files;
        Scope scope = (stack == null ? outer.with("local", locals) : outer)
                .with("include", includes)
                .with("feature", features)
                .with(
                        "dependency",
                        includer == null
                                ? dependencies
                                : new Dependencies.OfIncluded(includer.dependencies, dependencies));
        this.evaluator = new Evaluator(scope, functions, run.budget());
        locals.evaluateWith(evaluator);
    }

    private static Locals locals(Body body) {
        List<Body.Block> blocks = body.blocks("locals");
        return new Locals(
                "local",
                blocks.isEmpty()
                        ? new LinkedHashMap<>()
                        : BlockRules.only(blocks.getFirst(), blocks).body().attributes());
    }

    EvaluationRun run() {
        return run;
    }

    FileContext context() {
        return context;
    }

    Body body() {
        return body;
    }

    public Includes includes() {
        return includes;
    }

    Dependencies dependencies() {
        return dependencies;
    }

    Features features() {
        return features;
    }

    Locals locals() {
        return locals;
    }

    Value evaluate(Expression expression) {
        return evaluator.evaluate(expression);
    }

    /** As {@link #evaluate}, where nothing is included yet: there is neither {@code local} nor {@code include}. */
    Value evaluateFirst(Expression expression) {
        return first.evaluate(expression);
    }

    /** The folder of the file that is included, or that includes; this file's when there is none. */
    private Path includeDirectory(Arguments arguments) {
        if (context.includedFrom() != null) {
            return context.fileDirectory();
        }
        Path included = includes.file(arguments);
        return included == null ? context.directory() : FileContext.parent(included);
    }

    /** This file's own inputs over those of what it includes. */
    SortedMap<String, Value> inputs() {
        SortedMap<String, Value> known = inputs;
        if (known == null) {
            known = includes.mergedInputs(ownInputs());
            inputs = known;
        }
        return known;
    }

    private SortedMap<String, Value> ownInputs() {
        Body.Attribute attribute = body.attribute("inputs");
        if (attribute == null) {
            return new TreeMap<>();
        }
        Value value = new InputsAttribute(this).evaluate(attribute.value());
        return switch (value) {
            case Value.Mapping(var _, SortedMap<String, Value> members) -> members;
            case Value.Null _, Value.Unknown _ -> new TreeMap<>();
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Sequence _ ->
                throw attribute
                        .value()
                        .range()
                        .problem(
                                "cannot use this as inputs", "an object was expected, it is " + value.kindName(), null);
        };
    }

    /** The source of the {@code terraform} block, this file's or an included one's; null without one. */
    @Nullable
    String source() {
        FileEvaluation over = includes.over();
        String above = over == null ? null : over.source();
        if (above != null) {
            return above;
        }
        List<Body.Block> blocks = body.blocks("terraform");
        if (blocks.isEmpty()) {
            return includes.source();
        }
        Body.Attribute source =
                BlockRules.only(blocks.getFirst(), blocks).body().attribute("source");
        if (source == null) {
            return includes.source();
        }
        Value value = evaluate(source.value());
        if (value instanceof Value.Text(String text)) {
            return text.isBlank() ? null : text; // An empty one stands for none, also in the place of an include's.
        }
        if (value instanceof Value.Null) {
            return includes.source();
        }
        if (value instanceof Value.Unknown) {
            throw unknownSource(source.value());
        }
        throw source.value().range().problem("cannot use this as a source", "it is " + value.kindName(), null);
    }

    /** It decides whose the unit is, before anything runs. */
    private BuildException unknownSource(Expression source) {
        List<Problem> unsupported = run.unsupported();
        if (Dependencies.mentionedIn(source)) {
            return source.range()
                    .problem(
                            "cannot tell this source",
                            "outputs of another unit make it, and Terragrunt refuses that, too",
                            "write it out, or take it from a file");
        }
        return unsupported.isEmpty()
                ? source.range()
                        .problem(
                                "cannot tell this source",
                                "a program makes it, and it is needed before programs run",
                                "let them run from the beginning: --run-programs")
                : new BuildException(unsupported.getLast(), null);
    }

    /** Terraform or OpenTofu as the file or an included one names it; null where none does. */
    @Nullable
    String terraformBinary() {
        return new FileParts(this).part("terraform_binary", body.range()) instanceof Value.Text(String text)
                        && !text.isEmpty()
                ? text
                : null;
    }

    @Nullable
    RemoteState remoteState() {
        FileEvaluation over = includes.over();
        RemoteState above = over == null ? null : over.remoteState();
        if (above != null) {
            return above;
        }
        RemoteState own = new RemoteStateReader(this).read();
        return own != null ? own : includes.remoteState();
    }

    @Override
    public Value member(String name, Range at) {
        FileParts parts = new FileParts(this);
        Value part = FileParts.NAMES.contains(name) ? parts.part(name, at) : null;
        if (part == null) {
            List<String> known = parts.names();
            throw at.problem(
                    "unknown attribute \"" + name + "\"",
                    "%s has %s".formatted(run.shown(context.file()), String.join(", ", known)),
                    NearestName.suggestion(name, known));
        }
        return part;
    }

    @Override
    public @Nullable LazyObject nested(String name, Range at) {
        return switch (name) {
            case "locals" -> locals;
            case "dependency" -> dependencies;
            default -> null;
        };
    }

    @Override
    public Value whole(Range at) {
        FileParts parts = new FileParts(this);
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
