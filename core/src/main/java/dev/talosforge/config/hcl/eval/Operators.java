package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.Binary;
import dev.talosforge.config.hcl.syntax.Expression.BinaryOperator;
import dev.talosforge.config.hcl.syntax.Expression.Unary;
import dev.talosforge.config.hcl.syntax.Expression.UnaryOperator;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the operators do. HCL native syntax, "Operations". */
final class Operators {
    /** Digits of a quotient with an infinite expansion: as many as 512 bits hold. */
    static final MathContext DIVISION = new MathContext(154, RoundingMode.HALF_EVEN);

    private Operators() {}

    /**
     * A chain such as {@code a + b + c} leans to the left and is as deep as it is long: it is evaluated without
     * recursion.
     */
    static Value binary(Binary operation, Evaluator evaluator) {
        Deque<Binary> row = new ArrayDeque<>();
        Expression first = operation;
        while (first instanceof Binary binary) {
            row.push(binary);
            first = binary.left();
        }
        Value value = evaluator.evaluate(first);
        for (Binary next : row) {
            value = applied(next, value, evaluator);
        }
        return value;
    }

    private static Value applied(Binary operation, Value left, Evaluator evaluator) {
        BinaryOperator operator = operation.operator();
        if ((operator == BinaryOperator.AND || operator == BinaryOperator.OR) && !(left instanceof Value.Unknown)) {
            boolean first = bool(left, operation.left());
            if (first == (operator == BinaryOperator.OR)) {
                return Value.of(first); // The other side cannot change the result.
            }
        }
        Value right = evaluator.evaluate(operation.right());
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> {
                Boolean equal = new Equality(evaluator.budget(), operation.range()).of(left, right);
                yield equal == null ? Value.unknown() : Value.of(equal == (operator == BinaryOperator.EQUAL));
            }
            case AND, OR -> logical(operation, left, right);
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> {
                BigDecimal first = left instanceof Value.Unknown ? null : number(left, operation.left());
                BigDecimal second = right instanceof Value.Unknown ? null : number(right, operation.right());
                yield first == null || second == null ? Value.unknown() : numeric(operation, first, second);
            }
        };
    }

    /** The result if the left side did not decide. If the left side is not known, the right side may decide alone. */
    private static Value logical(Binary operation, Value left, Value right) {
        if (right instanceof Value.Unknown) {
            return right;
        }
        boolean second = bool(right, operation.right());
        boolean decides = second == (operation.operator() == BinaryOperator.OR);
        return left instanceof Value.Unknown && !decides ? left : Value.of(second);
    }

    private static Value numeric(Binary operation, BigDecimal a, BigDecimal b) {
        BinaryOperator operator = operation.operator();
        if ((operator == BinaryOperator.DIVIDE || operator == BinaryOperator.MODULO) && b.signum() == 0) {
            throw operation.right().range().problem("cannot divide", "the divisor is zero", null);
        }
        try {
            return switch (operator) {
                case ADD -> Value.of(a.add(b));
                case SUBTRACT -> Value.of(a.subtract(b));
                case MULTIPLY -> Value.of(a.multiply(b));
                case DIVIDE -> Value.of(a.divide(b, DIVISION));
                case MODULO -> Value.of(a.remainder(b));
                case LESS -> Value.of(a.compareTo(b) < 0);
                case LESS_OR_EQUAL -> Value.of(a.compareTo(b) <= 0);
                case GREATER -> Value.of(a.compareTo(b) > 0);
                case GREATER_OR_EQUAL -> Value.of(a.compareTo(b) >= 0);
                case EQUAL, NOT_EQUAL, AND, OR -> throw new IllegalStateException("not an operator on numbers");
            };
        } catch (ArithmeticException e) {
            throw operation.range().problem("cannot calculate this", "the result is out of range", null);
        }
    }

    static Value unary(Unary operation, Evaluator evaluator) {
        Value operand = evaluator.evaluate(operation.operand());
        if (operand instanceof Value.Unknown) {
            return operand;
        }
        return operation.operator() == UnaryOperator.NOT
                ? Value.of(!bool(operand, operation.operand()))
                : Value.of(number(operand, operation.operand()).negate());
    }

    static boolean bool(Value value, Expression at) {
        if (Type.Simple.BOOL.convert(value) instanceof Value.Bool(boolean bool)) {
            return bool;
        }
        throw at.range()
                .problem("cannot use this as a condition", "expected true or false, found " + described(value), null);
    }

    private static BigDecimal number(Value value, Expression at) {
        if (Type.Simple.NUMBER.convert(value) instanceof Value.Decimal(BigDecimal number)) {
            return number;
        }
        throw at.range().problem("cannot calculate with this", "expected a number, found " + described(value), null);
    }

    private static String described(Value value) {
        return value instanceof Value.Text(String text) && text.length() <= 40 ? "\"" + text + "\"" : value.kindName();
    }
}
