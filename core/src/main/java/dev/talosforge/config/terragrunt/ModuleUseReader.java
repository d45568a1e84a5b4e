package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.file.FileEvaluation;
import dev.talosforge.config.terragrunt.file.FileScope;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.unit.ModuleUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a unit, and the files that it includes, require of its module. */
public final class ModuleUseReader {
    private static final String BLOCK = "extra_arguments";

    /** {@code -var}, with the variable in the same argument or in the next one. */
    private static final Pattern OPTION = Pattern.compile("--?var(=(.*))?", Pattern.DOTALL);

    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*([\\p{L}_][\\p{L}\\p{N}_-]*)\\s*=.*", Pattern.DOTALL);

    private ModuleUseReader() {}

    /** Throws the problems of the parts that it needs; the others may be broken. */
    public static ModuleUse read(EvaluationRun run, Path directory) {
        FileEvaluation file =
                new FileEvaluation(run, FileContext.ofUnit(run.seen().unitFile(directory)));
        return new ModuleUse(file.source(), file.remoteState(), variables(file));
    }

    /** Those of every command: a variable that is declared and never set does no harm. */
    private static SortedSet<String> variables(FileEvaluation file) {
        SortedSet<String> variables = new TreeSet<>();
        for (FileScope scope : file.merged().topDown()) {
            for (Body.Block terraform : scope.body().blocks("terraform")) {
                for (Body.Block block : terraform.body().blocks(BLOCK)) {
                    Body.Attribute arguments = block.body().attribute("arguments");
                    if (arguments != null) {
                        variables.addAll(variables(texts(scope.evaluate(arguments.value()))));
                    }
                }
            }
        }
        return variables;
    }

    /** An argument that is not known yet is an empty text. */
    private static List<String> texts(Value value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof Value.Sequence(var _, List<Value> items)) {
            items.forEach(item -> texts.add(item instanceof Value.Text(String text) ? text : ""));
        }
        return texts;
    }

    private static SortedSet<String> variables(List<String> arguments) {
        SortedSet<String> variables = new TreeSet<>();
        for (int i = 0; i < arguments.size(); i++) {
            Matcher option = OPTION.matcher(arguments.get(i));
            if (!option.matches()) {
                continue;
            }
            String joined = option.group(2);
            String assignment = joined != null ? joined : i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            Matcher name = ASSIGNMENT.matcher(assignment);
            if (name.matches()) {
                variables.add(name.group(1));
            }
        }
        return variables;
    }
}
