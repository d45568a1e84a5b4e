package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.Iteration;
import dev.talosforge.config.hcl.syntax.Expression.TemplatePart;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import java.util.List;

/** Joins the parts of a template. A template that consists of one interpolation has the value of that interpolation. */
final class TemplateText {
    private final Evaluator evaluator;
    private final Range range;

    TemplateText(Evaluator evaluator, Range range) {
        this.evaluator = evaluator;
        this.range = range;
    }

    Value evaluate(List<TemplatePart> parts) {
        if (parts.size() == 1 && parts.getFirst() instanceof TemplatePart.Interpolation(Expression only)) {
            return evaluator.evaluate(only);
        }
        StringBuilder text = new StringBuilder();
        return append(parts, text) ? Value.of(text.toString()) : Value.unknown();
    }

    /**
     * False if a part is not known. This is a separate method because each directive uses about as much of the stack as
     * an expression.
     */
    private boolean append(List<TemplatePart> parts, StringBuilder text) {
        evaluator.budget().enter(range);
        try {
            boolean known = true;
            for (TemplatePart part : parts) {
                known &= append(part, text);
            }
            return known;
        } finally {
            evaluator.budget().leave();
        }
    }

    private boolean append(TemplatePart part, StringBuilder text) {
        boolean known = switch (part) {
            case TemplatePart.Text(String literal) -> {
                text.append(literal);
                yield true;
            }
            case TemplatePart.Interpolation(Expression expression) -> interpolate(expression, text);
            case TemplatePart.If(Expression condition, var whenTrue, var whenFalse) -> {
                Value chosen = evaluator.evaluate(condition);
                yield !(chosen instanceof Value.Unknown)
                        && append(Operators.bool(chosen, condition) ? whenTrue : whenFalse, text);
            }
            case TemplatePart.For(Iteration iteration, var body) -> repeat(iteration, body, text);
        };
        if (text.length() > Value.MAX_TEXT) {
            throw range.problem("cannot build this text", "it is longer than %d".formatted(Value.MAX_TEXT), null);
        }
        return known;
    }

    private boolean interpolate(Expression expression, StringBuilder text) {
        Value value = evaluator.evaluate(expression);
        if (value instanceof Value.Unknown) {
            return false;
        }
        if (Type.Simple.TEXT.convert(value) instanceof Value.Text(String inserted)) {
            text.append(inserted);
            return true;
        }
        throw expression
                .range()
                .problem(
                        "cannot put this into a text",
                        "it is " + value.kindName(),
                        value instanceof Value.Sequence || value instanceof Value.Mapping
                                ? "write: jsonencode("
                                        + firstLine(expression.range().text()) + ")"
                                : null);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end) + "…";
    }

    private boolean repeat(Iteration iteration, List<TemplatePart> body, StringBuilder text) {
        var steps = new Loops(evaluator).steps(iteration);
        if (steps == null) {
            return false;
        }
        boolean known = true;
        for (Evaluator step : steps) {
            known &= new TemplateText(step, range).append(body, text);
        }
        return known;
    }
}
