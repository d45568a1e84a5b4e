package dev.talosforge.config.hcl.syntax;

import dev.talosforge.config.hcl.value.Value;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The right side of an equals sign, as it was written. HCL native syntax, "Expressions". */
public sealed interface Expression {
    Range range();

    /** Passes on the direct operands of this expression, but not the operands of those. */
    default void forEachChild(Consumer<Expression> each) {
        switch (this) {
            case Literal _, Variable _, Item _ -> {}
            case Template template -> template.parts().forEach(part -> part.forEachChild(each));
            case Attribute attribute -> each.accept(attribute.source());
            case Index index -> List.of(index.source(), index.key()).forEach(each);
            case Splat splat -> List.of(splat.source(), splat.each()).forEach(each);
            case Call call -> call.arguments().forEach(each);
            case Conditional c ->
                List.of(c.condition(), c.whenTrue(), c.whenFalse()).forEach(each);
            case Binary binary -> List.of(binary.left(), binary.right()).forEach(each);
            case Unary unary -> each.accept(unary.operand());
            case Parentheses parentheses -> each.accept(parentheses.inner());
            case Tuple tuple -> tuple.items().forEach(each);
            case ObjectConstructor object ->
                object.items().forEach(item -> List.of(item.key(), item.value()).forEach(each));
            case ForTuple loop -> {
                List.of(loop.iteration().collection(), loop.result()).forEach(each);
                if (loop.condition() != null) {
                    each.accept(loop.condition());
                }
            }
            case ForObject loop -> {
                List.of(loop.iteration().collection(), loop.key(), loop.result())
                        .forEach(each);
                if (loop.condition() != null) {
                    each.accept(loop.condition());
                }
            }
        }
    }

    /** A number, {@code true}, {@code false} or {@code null}. */
    record Literal(Value value, Range range) implements Expression {}

    /** A quoted string, a heredoc or the text of a template file. */
    record Template(List<TemplatePart> parts, Range range) implements Expression {
        public Template {
            parts = List.copyOf(parts);
        }
    }

    record Variable(String name, Range range) implements Expression {}

    /** {@code source.name}. */
    record Attribute(Expression source, String name, Range range) implements Expression {}

    /** {@code source[key]}, and the old {@code source.0}. */
    record Index(Expression source, Expression key, Range range) implements Expression {}

    /**
     * {@code source.*.name} and {@code source[*].name}.
     *
     * @param each what is read from every item, with {@link Item} in place of the item
     */
    record Splat(Expression source, Expression each, Range range) implements Expression {}

    /** The current item of a splat. */
    record Item(Range range) implements Expression {}

    /**
     * A function call.
     *
     * @param expandLast whether the last argument is a list of further arguments: {@code max(list...)}
     */
    record Call(String name, List<Expression> arguments, boolean expandLast, Range nameRange, Range range)
            implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    record Conditional(Expression condition, Expression whenTrue, Expression whenFalse, Range range)
            implements Expression {}

    record Binary(BinaryOperator operator, Expression left, Expression right, Range range) implements Expression {}

    record Unary(UnaryOperator operator, Expression operand, Range range) implements Expression {}

    record Parentheses(Expression inner, Range range) implements Expression {}

    record Tuple(List<Expression> items, Range range) implements Expression {
        public Tuple {
            items = List.copyOf(items);
        }
    }

    record ObjectConstructor(List<ObjectItem> items, Range range) implements Expression {
        public ObjectConstructor {
            items = List.copyOf(items);
        }
    }

    /** One member; a bare name as key is a text literal. */
    record ObjectItem(Expression key, Expression value) {}

    /** {@code [for v in collection : result if condition]}. */
    record ForTuple(
            Iteration iteration,
            Expression result,
            @Nullable Expression condition,
            Range range) implements Expression {}

    /**
     * {@code {for k, v in collection : key => result if condition}}.
     *
     * @param grouped whether several results of one key are collected in a tuple: {@code result...}
     */
    record ForObject(
            Iteration iteration,
            Expression key,
            Expression result,
            boolean grouped,
            @Nullable Expression condition,
            Range range)
            implements Expression {}

    /** The collection of a for-expression, and the names that it gives to key (or position) and value. */
    record Iteration(@Nullable String key, String value, Expression collection) {}

    /** A piece of a template. */
    sealed interface TemplatePart {
        /** Passes on the expressions in this piece. */
        default void forEachChild(Consumer<Expression> each) {
            switch (this) {
                case Text _ -> {}
                case Interpolation(Expression expression) -> each.accept(expression);
                case If(Expression condition, var whenTrue, var whenFalse) -> {
                    each.accept(condition);
                    whenTrue.forEach(part -> part.forEachChild(each));
                    whenFalse.forEach(part -> part.forEachChild(each));
                }
                case For(Iteration iteration, var body) -> {
                    each.accept(iteration.collection());
                    body.forEach(part -> part.forEachChild(each));
                }
            }
        }

        record Text(String text) implements TemplatePart {}

        record Interpolation(Expression expression) implements TemplatePart {}

        record If(Expression condition, List<TemplatePart> whenTrue, List<TemplatePart> whenFalse)
                implements TemplatePart {
            public If {
                whenTrue = List.copyOf(whenTrue);
                whenFalse = List.copyOf(whenFalse);
            }
        }

        record For(Iteration iteration, List<TemplatePart> body) implements TemplatePart {
            public For {
                body = List.copyOf(body);
            }
        }
    }

    /** Operators with two operands; a higher level binds tighter. */
    enum BinaryOperator {
        OR("||", 1),
        AND("&&", 2),
        EQUAL("==", 3),
        NOT_EQUAL("!=", 3),
        GREATER_OR_EQUAL(">=", 4),
        LESS_OR_EQUAL("<=", 4),
        GREATER(">", 4),
        LESS("<", 4),
        ADD("+", 5),
        SUBTRACT("-", 5),
        MULTIPLY("*", 6),
        DIVIDE("/", 6),
        MODULO("%", 6);

        private final String sign;
        private final int level;

        BinaryOperator(String sign, int level) {
            this.sign = sign;
            this.level = level;
        }

        public String sign() {
            return sign;
        }

        int level() {
            return level;
        }
    }

    /** Operators with one operand. */
    enum UnaryOperator {
        NEGATE("-"),
        NOT("!");

        private final String sign;

        UnaryOperator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }
}
