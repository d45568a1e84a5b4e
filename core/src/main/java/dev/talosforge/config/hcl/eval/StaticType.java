package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The type of an expression, as far as it is known before evaluation. */
final class StaticType {
    private StaticType() {}

    /** The type that the syntax of an expression determines: {@code a < b} is a bool, whatever is compared. */
    static Type of(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> Type.of(literal.value());
            case Expression.Template(List<Expression.TemplatePart> parts, var _) ->
                parts.size() == 1 && parts.getFirst() instanceof Expression.TemplatePart.Interpolation(Expression only)
                        ? of(only)
                        : Type.Simple.TEXT;
            case Expression.Parentheses parentheses -> of(parentheses.inner());
            case Expression.Unary unary ->
                unary.operator() == Expression.UnaryOperator.NOT ? Type.Simple.BOOL : Type.Simple.NUMBER;
            case Expression.Binary binary ->
                switch (binary.operator()) {
                    case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO -> Type.Simple.NUMBER;
                    default -> Type.Simple.BOOL;
                };
            case Expression.Tuple tuple ->
                new Type.TupleOf(tuple.items().stream().map(StaticType::of).toList());
            case Expression.ObjectConstructor object -> of(object);
            case Expression.Conditional conditional -> {
                Type whenTrue = of(conditional.whenTrue());
                Type whenFalse = of(conditional.whenFalse());
                Type both = Type.unify(List.of(whenTrue, whenFalse));
                yield both instanceof Type.Simple && whenTrue instanceof Type.Simple && whenFalse instanceof Type.Simple
                        ? both
                        : new Type.Any();
            }
            default -> new Type.Any();
        };
    }

    private static Type of(Expression.ObjectConstructor object) {
        SortedMap<String, Type> members = new TreeMap<>(Value.BY_CODE_POINT);
        for (Expression.ObjectItem item : object.items()) {
            Expression key = item.key() instanceof Expression.Parentheses(Expression inner, var _) ? inner : item.key();
            if (!(key instanceof Expression.Template(List<Expression.TemplatePart> parts, var _))) {
                return new Type.Any();
            }
            StringBuilder name = new StringBuilder();
            for (Expression.TemplatePart part : parts) {
                if (!(part instanceof Expression.TemplatePart.Text(String text))) {
                    return new Type.Any();
                }
                name.append(text);
            }
            members.put(name.toString(), of(item.value()));
        }
        return new Type.ObjectOf(members);
    }
}
