package dev.talosforge.config.hcl;

import java.nio.file.Path;
import java.util.List;

/** Evaluates a piece of text for a test. */
final class HclText {
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
                .with(
                        "nodes",
                        Value.tuple(List.of(
                                Value.object(new java.util.TreeMap<>(java.util.Map.of(
                                        "id", Value.of(1), "ips", Value.listOfTexts(List.of("x", "y"))))),
                                Value.object(new java.util.TreeMap<>(java.util.Map.of(
                                        "id", Value.of(2), "ips", Value.listOfTexts(List.of("z"))))))));
        return new Evaluator(scope, StandardFunctions.table(), new Budget());
    }

    /** The value as JSON; {@code ?} when it is not known. */
    static String json(String expression) {
        Value value = evaluator().evaluate(HclParser.parseExpression(source(expression)));
        return value instanceof Value.Unknown ? "?" : ValueText.json(value);
    }

    /** The attribute {@code x} of a body. */
    static String jsonOfX(String body) {
        Body.Attribute x = HclParser.parse(source(body)).attribute("x");
        return x == null ? "missing" : ValueText.json(evaluator().evaluate(x.value()));
    }
}
