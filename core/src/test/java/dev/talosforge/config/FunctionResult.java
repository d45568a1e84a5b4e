package dev.talosforge.config;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.FunctionTable;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.functions.FileFunctions;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.text.DataFunctions;
import dev.talosforge.config.text.DiskFiles;
import dev.talosforge.json.Json;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an expression gives.
 *
 * @param value its typed JSON; null for an error
 * @param why the error's text, with the remedy behind a bar; empty without an error
 */
record FunctionResult(@Nullable Json value, String why) {
    private static final Path HOME = Path.of("/root");

    static FunctionTable functions(Path folder) {
        return FileFunctions.added(StandardFunctions.table().with(DataFunctions.all()), new DiskFiles(), folder, HOME);
    }

    static FunctionResult of(String expression) {
        return of(expression, functions(HOME));
    }

    static FunctionResult of(String expression, FunctionTable functions) {
        Evaluator evaluator = new Evaluator(Scope.empty(), functions, new Budget());
        try {
            return new FunctionResult(
                    TypedJson.of(
                            evaluator.evaluate(HclParser.parseExpression(SourceText.of(Path.of("line"), expression)))),
                    "");
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            String remedy = problem.remedy() == null ? "" : " | " + problem.remedy();
            return new FunctionResult(null, problem.kind() + " " + problem.what() + ": " + problem.why() + remedy);
        }
    }
}
