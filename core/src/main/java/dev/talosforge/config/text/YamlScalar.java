package dev.talosforge.config.text;

import dev.talosforge.config.hcl.functions.Timestamp;
import dev.talosforge.config.hcl.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The meaning of a plain scalar of YAML. It is YAML 1.1 with {@code 0o} for octal numbers, as in the language. */
final class YamlScalar {
    private static final String PREFIX = "tag:yaml.org,2002:";
    private static final String INT = PREFIX + "int";
    private static final String FLOAT = PREFIX + "float";
    private static final String STRING = PREFIX + "str";
    private static final String BINARY = PREFIX + "binary";
    private static final String BOOL = PREFIX + "bool";
    private static final String NULL = PREFIX + "null";
    private static final String TIME = PREFIX + "timestamp";
    private static final Set<String> TAGS = Set.of("", INT, FLOAT, STRING, BINARY, BOOL, NULL, TIME);

    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> INFINITE = Set.of(
            ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN");

    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern FRACTION =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,9})?");
    private static final Pattern RADIX = Pattern.compile("([-+]?)0([xo]?)([0-9a-fA-F]+)");
    private static final Pattern MOMENT = Pattern.compile(
            "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})"
                    + "| +([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?)?");

    private YamlScalar() {}

    /**
     * The value; one that the tag does not allow throws an {@link IllegalArgumentException} with a text for the user.
     */
    static Value resolve(String tag, String text, boolean quoted) {
        if (!TAGS.contains(tag)) {
            throw new IllegalArgumentException("the YAML tag %s is not supported".formatted(tag));
        }
        char first = text.isEmpty() ? 'N' : text.charAt(0);
        if (!tag.equals(STRING) && !tag.equals(BINARY) && "+-.0123456789yYnNtTfFoO~".indexOf(first) >= 0) {
            Value value = quoted ? Value.of(text) : word(tag, text);
            if (value != null) {
                return value;
            }
        }
        return tagged(tag, text);
    }

    private static @Nullable Value word(String tag, String text) {
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return Value.of(TRUE.contains(text));
        }
        if (NOTHING.contains(text)) {
            return Value.ofNull();
        }
        if (INFINITE.contains(text)) {
            throw new IllegalArgumentException("the number %s is not finite".formatted(text));
        }
        boolean digits = !text.isEmpty() && "+-0123456789".indexOf(text.charAt(0)) >= 0;
        if (digits && (tag.isEmpty() || tag.equals(TIME))) {
            Value moment = moment(text);
            if (moment != null) {
                return moment;
            }
        }
        if (digits ? WHOLE.matcher(text).matches() || FRACTION.matcher(text).matches() : text.startsWith(".")) {
            Value number = number(text);
            if (number == null && digits) {
                throw new IllegalArgumentException("\"%s\" is not a number".formatted(text));
            }
            return number;
        }
        return null;
    }

    private static Value tagged(String tag, String text) {
        return switch (tag) {
            case "", STRING -> Value.of(text);
            case NULL -> Value.ofNull();
            case BINARY -> {
                try {
                    Base64.getDecoder().decode(text.replaceAll("[\r\n]", ""));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("the value tagged !!binary is not base64", e);
                }
                yield Value.of(text);
            }
            default -> {
                Value value = tag.equals(TIME) ? moment(text) : tag.equals(BOOL) ? null : number(text);
                if (value == null) {
                    throw new IllegalArgumentException(
                            "\"%s\" does not match its tag %s".formatted(text, tag.replace(PREFIX, "!!")));
                }
                yield value;
            }
        };
    }

    private static @Nullable Value number(String text) {
        String plain = text.replace("_", "");
        try {
            if (FRACTION.matcher(plain).matches()) {
                return Value.of(new BigDecimal(plain));
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the number %s has too many digits".formatted(text), e);
        }
        Matcher radix = RADIX.matcher(plain);
        if (!radix.matches()) {
            return null;
        }
        try {
            BigInteger size = new BigInteger(radix.group(3), radix.group(2).equals("x") ? 16 : 8);
            BigInteger number = radix.group(1).equals("-") ? size.negate() : size;
            return number.bitLength() > 64 || (number.signum() < 0 && number.bitLength() > 63)
                    ? null
                    : Value.of(number);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Value moment(String text) {
        Matcher m = MOMENT.matcher(text);
        if (!m.matches()) {
            return null;
        }
        boolean zoned = m.group(4) != null;
        boolean timed = m.group(8) != null;
        String time = zoned
                ? two(m.group(4)) + ":" + two(m.group(5)) + ":" + two(m.group(6)) + m.group(7)
                : timed ? two(m.group(8)) + ":" + two(m.group(9)) + ":" + two(m.group(10)) + "Z" : "00:00:00Z";
        Timestamp moment = Timestamp.parse(m.group(1) + "-" + two(m.group(2)) + "-" + two(m.group(3)) + "T" + time);
        return moment == null ? null : Value.of(moment.text());
    }

    private static String two(String digits) {
        return digits.length() == 1 ? "0" + digits : digits;
    }
}
