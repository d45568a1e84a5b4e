package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockRules;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The source of the {@code terraform} block: where a unit's module is, which determines who runs the unit. */
final class ModuleSource {
    private ModuleSource() {}

    /** What a stack adds to the file wins, then the file's own, then that of the last include; or null. */
    static @Nullable String of(MergedFile file) {
        MergedFile over = file.over();
        String above = over == null ? null : of(over);
        if (above != null) {
            return above;
        }
        List<Body.Block> blocks = file.file().body().blocks("terraform");
        if (blocks.isEmpty()) {
            return included(file);
        }
        Body.Attribute source =
                BlockRules.only(blocks.getFirst(), blocks).body().attribute("source");
        if (source == null) {
            return included(file);
        }
        Value value = file.file().evaluate(source.value());
        if (value instanceof Value.Text(String text)) {
            return text.isBlank() ? null : text; // An empty one means none, and also replaces an include's.
        }
        if (value instanceof Value.Null) {
            return included(file);
        }
        if (value instanceof Value.Unknown) {
            throw unknown(file.file().run(), source.value());
        }
        throw source.value().range().problem("cannot use this as a source", "it is " + value.kindName(), null);
    }

    private static @Nullable String included(MergedFile file) {
        return file.merged().reversed().stream()
                .map(ModuleSource::of)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** It determines who runs the unit, before anything runs. */
    private static BuildException unknown(EvaluationRun run, Expression source) {
        List<Problem> unsupported = run.unsupported();
        if (mentionsDependencies(source)) {
            return source.range()
                    .problem(
                            "cannot determine this source",
                            "it comes from outputs of another unit, which Terragrunt refuses, too",
                            "write it as a constant, or read it from a file");
        }
        return unsupported.isEmpty()
                ? source.range()
                        .failure(
                                Problem.Kind.INVALID_INPUT,
                                "cannot determine this source",
                                "it comes from a program, and it is needed before programs run",
                                Remedy.sentence("run them from the beginning: ", Remedy.give(RunOption.RUN_PROGRAMS)))
                : new BuildException(unsupported.getLast(), null);
    }

    private static boolean mentionsDependencies(Expression expression) {
        List<Boolean> found = new ArrayList<>();
        expression.forEachChild(child -> {
            if (mentionsDependencies(child)) {
                found.add(true);
            }
        });
        return !found.isEmpty()
                || (expression instanceof Expression.Variable(String name, var _) && name.equals("dependency"));
    }
}
