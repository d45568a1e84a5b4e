package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Calculations. */
final class NumberFunctions {
    private NumberFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("abs(num)", a -> Value.of(a.number(0).abs())),
                Function.of("ceil(num)", a -> Value.of(a.number(0).setScale(0, RoundingMode.CEILING))),
                Function.of("floor(num)", a -> Value.of(a.number(0).setScale(0, RoundingMode.FLOOR))),
                Function.of("signum(num)", a -> Value.of(Long.signum(a.wholeLong(0)))),
                Function.of(
                        "max(numbers...)",
                        a -> Value.of(
                                numbers(a).stream().reduce(BigDecimal::max).orElseThrow())),
                Function.of(
                        "min(numbers...)",
                        a -> Value.of(
                                numbers(a).stream().reduce(BigDecimal::min).orElseThrow())),
                Function.of("pow(num, power)", NumberFunctions::pow),
                Function.of("log(num, base)", NumberFunctions::log),
                Function.of("parseint(number, base)", NumberFunctions::parseInt),
                Function.of("range(start_or_limit, limit?, step?)", NumberFunctions::range),
                Function.of("sum(list)", NumberFunctions::sum));
    }

    private static List<BigDecimal> numbers(Arguments arguments) {
        List<BigDecimal> numbers = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            numbers.add(arguments.number(i));
        }
        return numbers;
    }

    /** Exact for whole numbers; otherwise in 64-bit floating point, like the language's own function. */
    private static Value pow(Arguments arguments) {
        BigDecimal base = arguments.number(0);
        BigDecimal exponent = arguments.number(1);
        double result = FloatPower.pow(base.doubleValue(), exponent.doubleValue());
        if (isWhole(base) && isWhole(exponent) && exponent.signum() >= 0 && Math.abs(result) >= 1L << 53) {
            return Double.isInfinite(result) ? fromDouble(arguments, result) : Value.of(base.pow(exponent.intValue()));
        }
        return fromDouble(arguments, result);
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    private static Value log(Arguments arguments) {
        double value = arguments.number(0).doubleValue();
        double base = arguments.number(1).doubleValue();
        return fromDouble(arguments, StrictMath.log(value) / StrictMath.log(base));
    }

    private static Value fromDouble(Arguments arguments, double result) {
        if (Double.isNaN(result) || Double.isInfinite(result)) {
            throw arguments.failure("it has no finite result");
        }
        return Value.of(BigDecimal.valueOf(result));
    }

    private static Value parseInt(Arguments arguments) {
        if (!(arguments.some(0) instanceof Value.Text(String text))) {
            throw arguments.failure(
                    0, "expected text, found " + arguments.value(0).kindName());
        }
        int radix = arguments.whole(1, 2, 62);
        BigInteger number = BigInteger.ZERO;
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty() || digits.length() > Value.MAX_DIGITS) {
            throw arguments.failure(0, "\"%s\" is not a whole number".formatted(text));
        }
        for (int i = 0; i < digits.length(); i++) {
            int digit = digit(digits.charAt(i), radix);
            if (digit < 0 || digit >= radix) {
                throw arguments.failure(0, "\"%s\" is not a whole number in base %d".formatted(text, radix));
            }
            number = number.multiply(BigInteger.valueOf(radix)).add(BigInteger.valueOf(digit));
        }
        return Value.of(negative ? number.negate() : number);
    }

    /** Up to base 36, letters of both cases are the same; above, capitals stand for 36 to 61. */
    private static int digit(char c, int radix) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 10;
        }
        if (c >= 'A' && c <= 'Z') {
            return c - 'A' + (radix <= 36 ? 10 : 36);
        }
        return -1;
    }

    private static Value range(Arguments arguments) {
        BigDecimal start = arguments.size() == 1 ? BigDecimal.ZERO : arguments.number(0);
        BigDecimal limit = arguments.number(arguments.size() == 1 ? 0 : 1);
        BigDecimal step = arguments.size() == 3
                ? arguments.number(2)
                : limit.compareTo(start) < 0 ? BigDecimal.ONE.negate() : BigDecimal.ONE;
        if (step.signum() == 0) {
            throw arguments.failure(2, "the step is zero");
        }
        if (arguments.size() == 3 && step.signum() != limit.subtract(start).signum() && limit.compareTo(start) != 0) {
            throw arguments.failure(2, "the step leads away from the end");
        }
        List<Value> numbers = new ArrayList<>();
        for (BigDecimal n = start;
                step.signum() > 0 ? n.compareTo(limit) < 0 : n.compareTo(limit) > 0;
                n = n.add(step)) {
            if (numbers.size() == 1024) {
                throw arguments.failure("it would have more than 1024 items");
            }
            numbers.add(Value.of(n));
        }
        return Value.list(numbers);
    }

    private static Value sum(Arguments arguments) {
        List<Value> items = arguments.items(0);
        if (items.isEmpty()) {
            throw arguments.failure(0, "the list is empty");
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (Value item : items) {
            if (!(Type.Simple.NUMBER.convert(item) instanceof Value.Decimal(BigDecimal number))) {
                throw arguments.failure(0, "expected a list of numbers, an item is " + item.kindName());
            }
            sum = sum.add(number);
        }
        return Value.of(sum);
    }
}
