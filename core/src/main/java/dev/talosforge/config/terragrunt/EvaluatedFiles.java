package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.file.FileEvaluation;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationCache;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.terragrunt.run.Stack;
import dev.talosforge.config.terragrunt.stack.StackFile;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.problem.BuildException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the files that a file needs, each according to its kind: a unit's file, a stack's, or one that is only
 * read.
 */
public final class EvaluatedFiles implements EvaluationRun.OtherFiles {
    private EvaluatedFiles() {}

    /** A run that can evaluate the files below a folder, and what they need. */
    public static EvaluationRun run(Path root, EvaluationSettings settings, EvaluationCache shared) {
        return new EvaluationRun(root, settings, shared, new EvaluatedFiles());
    }

    @Override
    public Value whole(EvaluationRun run, FileContext context, Range at) {
        return new FileEvaluation(run, context).whole(at);
    }

    @Override
    public Stack stack(EvaluationRun run, Path folder, @Nullable Component self) {
        return new StackFile(run, folder, self).read();
    }

    @Override
    public @Nullable String source(EvaluationRun run, Path unit) {
        return file(run, unit).source();
    }

    @Override
    public StateHome stateHome(EvaluationRun run, Path unit) {
        FileEvaluation file = file(run, unit);
        RemoteState remote = file.remoteState();
        return new StateHome(sourceIfKnown(file), remote);
    }

    private static @Nullable String sourceIfKnown(FileEvaluation unit) {
        try {
            return unit.source();
        } catch (BuildException e) {
            return null; // Reported when it is that unit's turn.
        }
    }

    private static FileEvaluation file(EvaluationRun run, Path unit) {
        return new FileEvaluation(run, FileContext.ofUnit(run.seen().unitFile(unit)));
    }
}
