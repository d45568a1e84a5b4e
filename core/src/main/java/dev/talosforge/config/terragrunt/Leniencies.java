package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.terragrunt.file.FileScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Describes what is accepted here but refused by Terragrunt 1.1, for users who run both. */
final class Leniencies {
    private static final Map<String, String> GONE = Map.of(
            "skip", "write an exclude block",
            "retryable_errors", "write errors { retry \"NAME\" { … } }",
            "retry_max_attempts", "write errors { retry \"NAME\" { … } }",
            "retry_sleep_interval_sec", "write errors { retry \"NAME\" { … } }");

    private final List<String> notes = new ArrayList<>();

    private Leniencies() {}

    static List<String> of(FileScope file) {
        Leniencies found = new Leniencies();
        Body body = file.body();
        for (Body.Attribute attribute : body.attributes().values()) {
            String instead = GONE.get(attribute.name());
            if (instead != null) {
                found.refused(attribute.nameRange(), attribute.name(), instead);
            }
        }
        if (file.context().includedFrom() != null
                && file.context().file().toString().endsWith(".json")) {
            found.refused(body.range(), "an included file of JSON", "include native syntax");
        }
        for (Body.Block block : body.blocks("locals")) {
            block.body().attributes().values().forEach(local -> found.dependencies(local.value()));
        }
        eachExpression(body, found::experiments);
        return found.notes;
    }

    private void refused(Range at, String what, String instead) {
        notes.add("%s: Terragrunt 1.1 refuses %s; there: %s".formatted(at, what, instead));
    }

    private void dependencies(Expression expression) {
        if (expression instanceof Expression.Variable(String name, Range range) && name.equals("dependency")) {
            refused(range, "dependency in locals", "use it in inputs");
        }
        expression.forEachChild(this::dependencies);
    }

    private void experiments(Expression expression) {
        if (expression instanceof Expression.Call call && call.name().equals("deep_merge")) {
            refused(call.nameRange(), "deep_merge without --experiment deep-merge", "add that option");
        }
        expression.forEachChild(this::experiments);
    }

    private static void eachExpression(Body body, Consumer<Expression> each) {
        body.attributes().values().forEach(attribute -> each.accept(attribute.value()));
        body.blocks().forEach(block -> eachExpression(block.body(), each));
    }
}
