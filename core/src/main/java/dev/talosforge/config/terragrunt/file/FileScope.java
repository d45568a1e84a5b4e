package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Locals;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockRules;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One file by itself, evaluated for one unit: its text, and the scope of its expressions. */
public final class FileScope {
    private final EvaluationRun run;
    private final FileContext context;
    private final Body body;
    private final Locals locals;
    private @Nullable Evaluator first;
    private @Nullable Evaluator evaluator;

    FileScope(EvaluationRun run, FileContext context, Body body) {
        this.run = run;
        this.context = context;
        this.body = body;
        List<Body.Block> blocks = body.blocks("locals");
        this.locals = new Locals(
                "local",
                blocks.isEmpty()
                        ? new LinkedHashMap<>()
                        : BlockRules.only(blocks.getFirst(), blocks).body().attributes());
    }

    /**
     * Sets how to evaluate, which usually needs the object that this is a part of.
     *
     * @param beforeIncludes for include blocks, which Terragrunt reads before it knows what is included
     */
    void evaluateWith(Evaluator beforeIncludes, Evaluator chosen) {
        this.first = beforeIncludes;
        this.evaluator = chosen;
        locals.evaluateWith(chosen);
    }

    public EvaluationRun run() {
        return run;
    }

    public FileContext context() {
        return context;
    }

    public Body body() {
        return body;
    }

    public Locals locals() {
        return locals;
    }

    public Value evaluate(Expression expression) {
        return there(evaluator).evaluate(expression);
    }

    /** As {@link #evaluate}, before anything is included: there is neither {@code local} nor {@code include}. */
    Value evaluateFirst(Expression expression) {
        return there(first).evaluate(expression);
    }

    private static Evaluator there(@Nullable Evaluator evaluator) {
        if (evaluator == null) {
            throw new IllegalStateException("evaluateWith was not called");
        }
        return evaluator;
    }
}
