package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Evaluates a piece of text for a test. */
public final class HclText {
    private HclText() {}

    static SourceText source(String text) {
        return SourceText.of(Path.of("test.hcl"), text);
    }

    static Evaluator evaluator() {
        Scope scope = Scope.empty()
                .with("name", Value.of("ada"))
                .with("nothing", Value.ofNull())
                .with("later", Value.unknown())
                .with("list", Value.list(List.of(Value.of("a"), Value.of("b"))))
                .with("nodes", Value.tuple(List.of(node(1, "x", "y"), node(2, "z"))))
                .with("set", Value.set(List.of(Value.of("b"), Value.of("a"))))
                .with("map", Value.map(Map.of("a", Value.of(1), "b", Value.of(2))))
                .with("objects", Value.list(List.of(node(3, "p"), node(4, "q"))));
        return new Evaluator(scope, StandardFunctions.table(), new Budget());
    }

    private static Value node(int id, String... ips) {
        return Value.object(Map.of("id", Value.of(id), "ips", Value.listOfTexts(List.of(ips))));
    }

    /** The value as JSON; {@code ?} when it is not known. */
    public static String json(String expression) {
        Value value = evaluator().evaluate(HclParser.parseExpression(source(expression)));
        return value instanceof Value.Unknown ? "?" : ValueText.json(value);
    }

    /** The attribute {@code x} of a body. */
    static String jsonOfX(String body) {
        Body.Attribute x = HclParser.parse(source(body)).attribute("x");
        return x == null ? "missing" : ValueText.json(evaluator().evaluate(x.value()));
    }
}
