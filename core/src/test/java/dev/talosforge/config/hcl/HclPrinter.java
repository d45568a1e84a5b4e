package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.Iteration;
import dev.talosforge.config.hcl.syntax.Expression.TemplatePart;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a tree in one form only: everything in a row, templates in quotes. What it writes reads as the same tree. */
final class HclPrinter {
    private HclPrinter() {}

    static String text(Body body) {
        StringBuilder out = new StringBuilder();
        body.attributes()
                .values()
                .forEach(attribute -> out.append(attribute.name() + " = " + text(attribute.value()) + "\n"));
        for (Body.Block block : body.blocks()) {
            out.append(block.type());
            block.labels().forEach(label -> out.append(" \"" + escaped(label) + "\""));
            out.append(" {\n" + text(block.body()) + "}\n");
        }
        return out.toString();
    }

    static String text(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> ValueText.json(literal.value());
            case Expression.Template template -> "\"" + template(template.parts()) + "\"";
            case Expression.Variable variable -> variable.name();
            case Expression.Attribute attribute -> text(attribute.source()) + " ." + attribute.name();
            case Expression.Index index -> text(index.source()) + "[" + text(index.key()) + "]";
            case Expression.Splat splat ->
                text(splat.source())
                        + (onlyAttributes(splat.each(), false) && !(splat.source() instanceof Expression.Splat)
                                ? dotted(splat.each())
                                : text(splat.each()));
            case Expression.Item _ -> "[*]";
            case Expression.Call call ->
                call.name() + "(" + row(call.arguments()) + (call.expandLast() ? "..." : "") + ")";
            case Expression.Conditional c ->
                text(c.condition()) + " ? " + text(c.whenTrue()) + " : " + text(c.whenFalse());
            case Expression.Binary b -> text(b.left()) + " " + b.operator().sign() + " " + text(b.right());
            case Expression.Unary unary -> unary.operator().sign() + text(unary.operand());
            case Expression.Parentheses parentheses -> "(" + text(parentheses.inner()) + ")";
            case Expression.Tuple tuple -> "[" + row(tuple.items()) + "]";
            case Expression.ObjectConstructor object ->
                "{"
                        + String.join(
                                ", ",
                                object.items().stream()
                                        .map(item -> text(item.key()) + " = " + text(item.value()))
                                        .toList())
                        + "}";
            case Expression.ForTuple loop ->
                "[" + loop(loop.iteration()) + " : " + text(loop.result()) + condition(loop.condition()) + "]";
            case Expression.ForObject loop ->
                "{" + loop(loop.iteration()) + " : " + text(loop.key()) + " => " + text(loop.result())
                        + (loop.grouped() ? "..." : "") + condition(loop.condition()) + "}";
        };
    }

    private static String row(List<Expression> expressions) {
        return String.join(", ", expressions.stream().map(HclPrinter::text).toList());
    }

    private static String loop(Iteration iteration) {
        return "for " + (iteration.key() == null ? "" : iteration.key() + ", ") + iteration.value() + " in "
                + text(iteration.collection());
    }

    private static String condition(@Nullable Expression condition) {
        return condition == null ? "" : " if " + text(condition);
    }

    /** What an attribute-only splat can take from each item; an index behind it would belong to the result. */
    private static boolean onlyAttributes(Expression each, boolean indexFollows) {
        return switch (each) {
            case Expression.Item _ -> true;
            case Expression.Attribute attribute -> onlyAttributes(attribute.source(), false);
            case Expression.Index index ->
                !indexFollows
                        && index.key() instanceof Expression.Literal(Value.Decimal number, var _)
                        && number.isWhole()
                        && onlyAttributes(index.source(), true);
            default -> false;
        };
    }

    private static String dotted(Expression each) {
        return switch (each) {
            case Expression.Attribute attribute -> dotted(attribute.source()) + "." + attribute.name();
            case Expression.Index index -> dotted(index.source()) + "." + text(index.key()) + " ";
            default -> ".*";
        };
    }

    private static String template(List<TemplatePart> parts) {
        if (parts.size() == 2
                && parts.get(0) instanceof TemplatePart.Interpolation(Expression only)
                && parts.get(1) instanceof TemplatePart.Text(String text)
                && text.isEmpty()) {
            return "${" + text(only) + " ~} "; // The blank is taken, but makes it a text.
        }
        StringBuilder out = new StringBuilder();
        for (TemplatePart part : parts) {
            out.append(
                    switch (part) {
                        case TemplatePart.Text(String text) -> escaped(text);
                        case TemplatePart.Interpolation(Expression inner) -> "${ " + text(inner) + " }";
                        case TemplatePart.If(Expression condition, var whenTrue, var whenFalse) ->
                            "%{ if " + text(condition) + " }" + template(whenTrue) + "%{ else }" + template(whenFalse)
                                    + "%{ endif }";
                        case TemplatePart.For(Iteration iteration, var body) ->
                            "%{ " + loop(iteration) + " }" + template(body) + "%{ endfor }";
                    });
        }
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("$", "\\u0024")
                .replace("%", "\\u0025");
    }
}
