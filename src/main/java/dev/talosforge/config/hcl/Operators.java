package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.Expression.Binary;
import dev.talosforge.config.hcl.Expression.BinaryOperator;
import dev.talosforge.config.hcl.Expression.Unary;
import dev.talosforge.config.hcl.Expression.UnaryOperator;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** What the operators do. HCL native syntax, "Operations". */
final class Operators {
    /** Digits of a division that does not come out even: what 512 bits hold. */
    static final MathContext DIVISION = new MathContext(154, RoundingMode.HALF_EVEN);

    private Operators() {}

    static Value binary(Binary operation, Evaluator evaluator) {
        Value left = evaluator.evaluate(operation.left());
        BinaryOperator operator = operation.operator();
        if ((operator == BinaryOperator.AND || operator == BinaryOperator.OR) && !(left instanceof Value.Unknown)) {
            boolean first = bool(left, operation.left());
            if (first == (operator == BinaryOperator.OR)) {
                return Value.of(first); // The other side cannot change it, whatever it is.
            }
        }
        Value right = evaluator.evaluate(operation.right());
        if (left instanceof Value.Unknown || right instanceof Value.Unknown) {
            return Value.unknown();
        }
        return switch (operator) {
            case EQUAL -> Value.of(equal(left, right));
            case NOT_EQUAL -> Value.of(!equal(left, right));
            case AND, OR -> Value.of(bool(right, operation.right()));
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                numeric(operation, number(left, operation.left()), number(right, operation.right()));
        };
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
                .problem("cannot use this as a condition", "true or false was expected, it is " + told(value), null);
    }

    private static BigDecimal number(Value value, Expression at) {
        if (Type.Simple.NUMBER.convert(value) instanceof Value.Decimal(BigDecimal number)) {
            return number;
        }
        throw at.range().problem("cannot calculate with this", "a number was expected, it is " + told(value), null);
    }

    private static String told(Value value) {
        return value instanceof Value.Text(String text) && text.length() <= 40 ? "\"" + text + "\"" : value.kindName();
    }

    /** Values of different types are not equal; nothing is converted. */
    static boolean equal(Value a, Value b) {
        return switch (a) {
            case Value.Sequence(var kind, var items)
            when b instanceof Value.Sequence(var otherKind, var others) -> kind == otherKind && equal(items, others);
            case Value.Mapping(boolean map, var members)
            when b instanceof Value.Mapping(boolean otherMap, var others) -> map == otherMap && equal(members, others);
            case Value.Text _,
                    Value.Decimal _,
                    Value.Bool _,
                    Value.Null _,
                    Value.Unknown _,
                    Value.Sequence _,
                    Value.Mapping _ -> a.equals(b);
        };
    }

    private static boolean equal(List<Value> a, List<Value> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<Value> others = b.iterator();
        for (Value item : a) {
            if (!equal(item, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean equal(SortedMap<String, Value> a, SortedMap<String, Value> b) {
        if (!a.keySet().equals(b.keySet())) {
            return false;
        }
        Iterator<Value> others = b.values().iterator();
        for (Map.Entry<String, Value> member : a.entrySet()) {
            if (!equal(member.getValue(), others.next())) {
                return false;
            }
        }
        return true;
    }
}
