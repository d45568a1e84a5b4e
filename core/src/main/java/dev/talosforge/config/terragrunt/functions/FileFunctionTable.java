package dev.talosforge.config.terragrunt.functions;

import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.FunctionTable;
import dev.talosforge.config.hcl.functions.FileFunctions;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.terragrunt.run.StackScope;
import dev.talosforge.config.text.DataFunctions;
import dev.talosforge.config.text.DiskFiles;
import java.nio.file.Path;

/** The functions that expressions of one file may call: the language's, and those that Terragrunt adds. */
public final class FileFunctionTable {
    private static final FunctionTable PURE =
            StandardFunctions.table().with(DataFunctions.all()).with(CommandLists.all());

    private FileFunctionTable() {}

    /**
     * The language's functions search files from the folder of the file with the call; Terragrunt's start from the
     * unit's folder.
     */
    public static FunctionTable of(EvaluationRun run, FileContext context) {
        return of(run, context, _ -> context.directory());
    }

    /**
     * The functions for one file.
     *
     * @param included the folder that functions about an include mean
     */
    public static FunctionTable of(EvaluationRun run, FileContext context, TerragruntFunctions.IncludeFolder included) {
        String home = run.settings().environment().get("HOME");
        return FileFunctions.added(
                        PURE,
                        new DiskFiles(run.seen()::onDisk),
                        context.fileDirectory(),
                        home == null ? null : Path.of(home))
                .with(ReadFunctions.ALL, new ReadFunctions(run, context))
                .with(TerragruntFunctions.ALL, new TerragruntFunctions(run, context, included));
    }

    /** For the expressions of a stack's file. */
    public static Evaluator evaluator(EvaluationRun run, StackScope scope) {
        return new Evaluator(scope.names(), of(run, scope.context()), run.budget());
    }
}
