package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.NumberText;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code format} and {@code formatlist}, whose verbs are those of the Go language. */
final class FormatFunctions {
    private static final int MAX_WIDTH = 1024;

    private final Arguments arguments;
    private final String pattern;
    private final List<Value> values;
    private int at;
    private int next;
    private int used;

    private FormatFunctions(Arguments arguments, String pattern, List<Value> values) {
        this.arguments = arguments;
        this.pattern = pattern;
        this.values = values;
    }

    static List<Function> all() {
        return List.of(
                Function.of(
                        "format(format, args*)",
                        a -> Value.of(new FormatFunctions(a, a.text(0), a.all().subList(1, a.size())).text())),
                Function.of("formatlist(format, args*)", FormatFunctions::list));
    }

    private static Value list(Arguments arguments) {
        String pattern = arguments.text(0);
        int length = -1;
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.value(i) instanceof Value.Sequence(var _, var items)) {
                if (length >= 0 && length != items.size()) {
                    throw arguments.failure(
                            i, "the list has %d items, an earlier one has %d".formatted(items.size(), length));
                }
                length = items.size();
            }
        }
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < (length < 0 ? 1 : length); row++) {
            List<Value> values = new ArrayList<>();
            for (Value value : arguments.all().subList(1, arguments.size())) {
                values.add(value instanceof Value.Sequence(var _, var items) ? items.get(row) : value);
            }
            texts.add(new FormatFunctions(arguments, pattern, values).text());
        }
        return Value.listOfTexts(texts);
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at < pattern.length() && pattern.charAt(at) == '%') {
                at++;
                out.append('%');
            } else {
                verb(out);
            }
        }
        if (used < values.size()) {
            throw arguments.failure("%d values are given, the pattern uses %d".formatted(values.size(), used));
        }
        return out.toString();
    }

    private void verb(StringBuilder out) {
        int start = at - 1;
        String flags = flags();
        Integer width = number();
        Integer precision = null;
        if (at < pattern.length() && pattern.charAt(at) == '.') {
            at++;
            Integer given = number();
            precision = given == null ? Integer.valueOf(0) : given;
        }
        explicitPosition();
        if (at >= pattern.length()) {
            throw arguments.failure(0, "the pattern ends within \"" + pattern.substring(start) + "\"");
        }
        char verb = pattern.charAt(at++);
        Value value = take(pattern.substring(start, at));
        String text = formatted(verb, value, flags, precision);
        boolean whole = "bodxX".indexOf(verb) >= 0;
        String kept = whole && precision != null ? flags.replace("0", "") : flags;
        pad(out, text, width == null || verb == 't' ? 0 : width, kept, whole || "eEfgG".indexOf(verb) >= 0);
    }

    private String flags() {
        int start = at;
        while (at < pattern.length() && " +-#0".indexOf(pattern.charAt(at)) >= 0) {
            at++;
        }
        return pattern.substring(start, at);
    }

    private @Nullable Integer number() {
        int start = at;
        while (at < pattern.length() && Character.isDigit(pattern.charAt(at)) && at - start < 6) {
            at++;
        }
        if (at == start) {
            return null;
        }
        int number = Integer.parseInt(pattern.substring(start, at), 10);
        if (number > MAX_WIDTH) {
            throw arguments.failure(0, "a width or precision is at most %d".formatted(MAX_WIDTH));
        }
        return number;
    }

    /** {@code %[2]s}: the second value, and from there on the ones after it. */
    private void explicitPosition() {
        if (at < pattern.length() && pattern.charAt(at) == '[') {
            at++;
            Integer position = number();
            if (position == null || position < 1 || at >= pattern.length() || pattern.charAt(at) != ']') {
                throw arguments.failure(0, "positions begin with [1]");
            }
            at++;
            next = position - 1;
        }
    }

    private Value take(String verb) {
        if (next >= values.size()) {
            throw arguments.failure("there is no value for \"%s\": %d are given".formatted(verb, values.size()));
        }
        used = Math.max(used, next + 1);
        return values.get(next++);
    }

    private String formatted(char verb, Value value, String flags, @Nullable Integer precision) {
        return switch (verb) {
            case 'v' -> plain(value, flags.indexOf('#') >= 0);
            case 's' -> cut(text(value), precision);
            case 'q' -> quoted(cut(text(value), precision));
            case 't' -> {
                if (Type.Simple.BOOL.convert(value) instanceof Value.Bool(boolean bool)) {
                    yield Boolean.toString(bool);
                }
                throw mismatch(verb, "a bool", value);
            }
            case 'd', 'b', 'o', 'x', 'X' -> whole(verb, value, flags, precision);
            case 'e', 'E', 'f', 'g', 'G' -> fraction(verb, value, flags, precision);
            default -> throw arguments.failure(0, "there is no verb %" + verb);
        };
    }

    private static String plain(Value value, boolean json) {
        return switch (value) {
            case Value.Text(String text) -> json ? quoted(text) : text;
            case Value.Decimal(BigDecimal number) ->
                json
                        ? number.toPlainString()
                        : (number.signum() < 0 ? "-" : "") + NumberText.shortest(number.abs(), null);
            case Value.Bool(boolean bool) -> Boolean.toString(bool);
            case Value.Null _, Value.Unknown _ -> "null";
            case Value.Sequence _, Value.Mapping _ -> ValueText.json(value);
        };
    }

    private String text(Value value) {
        if (Type.Simple.TEXT.convert(value) instanceof Value.Text(String text)) {
            return text;
        }
        throw mismatch('s', "text", value);
    }

    private FunctionFailure mismatch(char verb, String expected, Value value) {
        return arguments.failure("%%%s expects %s, found %s".formatted(verb, expected, value.kindName()));
    }

    /** A precision of zero does not cut anything, as in the language's own function. */
    private static String cut(String text, @Nullable Integer precision) {
        if (precision == null || precision == 0) {
            return text;
        }
        List<String> characters = StringFunctions.characters(text);
        return characters.size() <= precision ? text : String.join("", characters.subList(0, precision));
    }

    private static String quoted(String text) {
        return ValueText.json(Value.of(text));
    }

    private BigDecimal decimal(char verb, Value value) {
        if (Type.Simple.NUMBER.convert(value) instanceof Value.Decimal(BigDecimal number)) {
            return number;
        }
        throw mismatch(verb, "a number", value);
    }

    private String whole(char verb, Value value, String flags, @Nullable Integer precision) {
        BigDecimal decimal = decimal(verb, value);
        if (decimal.stripTrailingZeros().scale() > 0) {
            throw arguments.failure("%%%s expects a whole number, found %s".formatted(verb, decimal.toPlainString()));
        }
        BigInteger number = decimal.toBigInteger();
        int radix = verb == 'b' ? 2 : verb == 'o' ? 8 : verb == 'd' ? 10 : 16;
        String digits = number.abs().toString(radix);
        if (verb == 'X') {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        digits = "0".repeat(Math.max(0, (precision == null ? 0 : precision) - digits.length())) + digits;
        String prefix =
                flags.indexOf('#') < 0 || verb == 'd' ? "" : verb == 'b' ? "0b" : verb == 'o' ? "0" : "0" + verb;
        return sign(number.signum() < 0, flags) + prefix + digits;
    }

    private static String sign(boolean negative, String flags) {
        return negative ? "-" : flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "";
    }

    private String fraction(char verb, Value value, String flags, @Nullable Integer precision) {
        BigDecimal number = decimal(verb, value);
        BigDecimal size = number.abs();
        String text = switch (verb) {
            case 'f' ->
                size.setScale(precision == null ? 6 : precision, RoundingMode.HALF_EVEN)
                        .toPlainString();
            case 'e', 'E' -> NumberText.exponential(size, precision == null ? 6 : precision);
            default -> NumberText.shortest(size, precision);
        };
        return sign(number.signum() < 0, flags) + (verb == 'E' || verb == 'G' ? text.toUpperCase(Locale.ROOT) : text);
    }

    private static void pad(StringBuilder out, String text, int width, String flags, boolean number) {
        int missing = width - StringFunctions.characters(text).size();
        if (missing <= 0) {
            out.append(text);
        } else if (flags.indexOf('-') >= 0) {
            out.append(text).repeat(" ", missing);
        } else if (flags.indexOf('0') >= 0) {
            int signed = number && !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            out.append(text, 0, signed).repeat("0", missing).append(text, signed, text.length());
        } else {
            out.repeat(" ", missing).append(text);
        }
    }
}
