package dev.talosforge.config.hcl;

import dev.talosforge.problem.Problem.Kind;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time, as text of RFC 3339. What would ask the clock or make something random is refused. */
final class DateFunctions {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h)");

    private DateFunctions() {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>(List.of(
                Function.of("formatdate", 2, 2, DateFunctions::format),
                Function.of("timeadd", 2, 2, DateFunctions::add),
                Function.of(
                        "timecmp",
                        2,
                        2,
                        a -> Value.of(Integer.signum(
                                time(a, 0).toInstant().compareTo(time(a, 1).toInstant()))))));
        for (String name : List.of("timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt")) {
            functions.add(Function.of(name, 0, Function.ANY_NUMBER, _ -> {
                throw new FunctionFailure(
                        Kind.NOT_SUPPORTED,
                        -1,
                        "its result differs from call to call, and the same inputs must give the same images",
                        null);
            }));
        }
        return functions;
    }

    private static OffsetDateTime time(Arguments arguments, int index) {
        try {
            return OffsetDateTime.parse(arguments.text(index));
        } catch (DateTimeParseException e) {
            throw arguments.failure(
                    index,
                    "a time like 2025-11-23T08:00:00Z was expected, it is \"%s\"".formatted(arguments.text(index)));
        }
    }

    private static Value add(Arguments arguments) {
        String text = arguments.text(1);
        boolean negative = text.startsWith("-");
        String amounts = negative || text.startsWith("+") ? text.substring(1) : text;
        Matcher matcher = AMOUNT.matcher(amounts);
        BigDecimal nanoseconds = BigDecimal.ZERO;
        int end = 0;
        while (matcher.lookingAt()) {
            nanoseconds = nanoseconds.add(new BigDecimal(matcher.group(1)).multiply(unit(matcher.group(2))));
            end = matcher.end();
            matcher.region(end, amounts.length());
        }
        if (!amounts.equals("0") && (end != amounts.length() || amounts.isEmpty())) {
            throw arguments.failure(1, "a duration like 1h30m was expected, it is \"%s\"".formatted(text));
        }
        try {
            Duration duration = Duration.ofNanos(nanoseconds.toBigInteger().longValueExact());
            OffsetDateTime moved = negative
                    ? time(arguments, 0).minus(duration)
                    : time(arguments, 0).plus(duration);
            return Value.of(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX", Locale.ROOT)
                    .format(moved));
        } catch (DateTimeException e) {
            throw arguments.failure("the result is out of range");
        }
    }

    private static BigDecimal unit(String name) {
        return BigDecimal.valueOf(
                switch (name) {
                    case "ns" -> 1L;
                    case "us", "µs" -> 1_000L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    default -> 3_600_000_000_000L;
                });
    }

    /** Rows of one letter are parts of the time; text stands between quotes. */
    private static Value format(Arguments arguments) {
        String pattern = arguments.text(0);
        OffsetDateTime time = time(arguments, 1);
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (c == '\'') {
                int end = pattern.indexOf('\'', i + 1);
                if (end < 0) {
                    throw arguments.failure(0, "a quote has no end");
                }
                out.append(end == i + 1 ? "'" : pattern.substring(i + 1, end));
                i = end + 1;
                continue;
            }
            int end = i;
            while (end < pattern.length() && pattern.charAt(end) == c) {
                end++;
            }
            String row = pattern.substring(i, end);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            out.append(letter ? part(arguments, row, time) : row);
            i = end;
        }
        return Value.of(out.toString());
    }

    private static String part(Arguments arguments, String row, OffsetDateTime time) {
        int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (row) {
            case "YYYY" -> padded(time.getYear(), 4);
            case "YY" -> padded(time.getYear() % 100, 2);
            case "MMMM" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "MMM" -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "MM" -> padded(time.getMonthValue(), 2);
            case "M" -> padded(time.getMonthValue(), 1);
            case "DD" -> padded(time.getDayOfMonth(), 2);
            case "D" -> padded(time.getDayOfMonth(), 1);
            case "EEEE" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "EEE" -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "hh" -> padded(time.getHour(), 2);
            case "h" -> padded(time.getHour(), 1);
            case "HH" -> padded(hour, 2);
            case "H" -> padded(hour, 1);
            case "AA" -> time.getHour() < 12 ? "AM" : "PM";
            case "aa" -> time.getHour() < 12 ? "am" : "pm";
            case "mm" -> padded(time.getMinute(), 2);
            case "m" -> padded(time.getMinute(), 1);
            case "ss" -> padded(time.getSecond(), 2);
            case "s" -> padded(time.getSecond(), 1);
            case "ZZZZZ" -> offset(time, "+HH:MM");
            case "ZZZZ" -> offset(time, "+HHMM");
            case "ZZZ" -> time.getOffset().equals(ZoneOffset.UTC) ? "UTC" : offset(time, "+HHMM");
            case "Z" -> time.getOffset().equals(ZoneOffset.UTC) ? "Z" : offset(time, "+HH:MM");
            default -> throw arguments.failure(0, "\"%s\" is no part of a time".formatted(row));
        };
    }

    private static String padded(int number, int width) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    private static String offset(OffsetDateTime time, String pattern) {
        return new java.time.format.DateTimeFormatterBuilder()
                .appendOffset(pattern, pattern.equals("+HHMM") ? "+0000" : "+00:00")
                .toFormatter(Locale.ROOT)
                .format(time);
    }
}
