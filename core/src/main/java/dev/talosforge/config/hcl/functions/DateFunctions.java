package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Value;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** Points in time, as RFC 3339 text. */
final class DateFunctions {
    private DateFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("formatdate(spec, time)", DateFunctions::format),
                Function.of("timeadd(timestamp, duration)", DateFunctions::add),
                Function.of(
                        "timecmp(timestamp_a, timestamp_b)",
                        a -> Value.of(Integer.signum(time(a, 0).compareTo(time(a, 1))))));
    }

    private static Timestamp time(Arguments arguments, int index) {
        Timestamp time = Timestamp.parse(arguments.text(index));
        if (time == null) {
            throw arguments.failure(
                    index, "expected a time like 2025-11-23T08:00:00Z, found \"%s\"".formatted(arguments.text(index)));
        }
        return time;
    }

    private static Value add(Arguments arguments) {
        Timestamp time = time(arguments, 0);
        Duration duration = Timestamp.duration(arguments.text(1));
        if (duration == null) {
            throw arguments.failure(1, "expected a duration like 1h30m, found \"%s\"".formatted(arguments.text(1)));
        }
        return Value.of(time.plus(duration).text());
    }

    /** Runs of one letter are parts of the time; text is enclosed in quotes. */
    private static Value format(Arguments arguments) {
        String pattern = arguments.text(0);
        Timestamp time = time(arguments, 1);
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (c == '\'') {
                i = quoted(arguments, pattern, i, out);
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

    /** Two quotes in a row are a literal quote, in a quoted text and outside. Returns the position after them. */
    private static int quoted(Arguments arguments, String pattern, int start, StringBuilder out) {
        if (pattern.startsWith("''", start)) {
            out.append('\'');
            return start + 2;
        }
        for (int i = start + 1; i < pattern.length(); i++) {
            if (pattern.charAt(i) != '\'') {
                out.append(pattern.charAt(i));
            } else if (pattern.startsWith("''", i)) {
                out.append('\'');
                i++;
            } else {
                return i + 1;
            }
        }
        throw arguments.failure(0, "a quote is not closed");
    }

    private static String part(Arguments arguments, String row, Timestamp moment) {
        LocalDateTime time = moment.local();
        int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (row) {
            case "YYYY" -> Timestamp.padded(time.getYear(), 4);
            case "YY" -> Timestamp.padded(time.getYear() % 100, 2);
            case "MMMM" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "MMM" -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "MM" -> Timestamp.padded(time.getMonthValue(), 2);
            case "M" -> Timestamp.padded(time.getMonthValue(), 1);
            case "DD" -> Timestamp.padded(time.getDayOfMonth(), 2);
            case "D" -> Timestamp.padded(time.getDayOfMonth(), 1);
            case "EEEE" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "EEE" -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "hh" -> Timestamp.padded(time.getHour(), 2);
            case "h" -> Timestamp.padded(time.getHour(), 1);
            case "HH" -> Timestamp.padded(hour, 2);
            case "H" -> Timestamp.padded(hour, 1);
            case "AA" -> time.getHour() < 12 ? "AM" : "PM";
            case "aa" -> time.getHour() < 12 ? "am" : "pm";
            case "mm" -> Timestamp.padded(time.getMinute(), 2);
            case "m" -> Timestamp.padded(time.getMinute(), 1);
            case "ss" -> Timestamp.padded(time.getSecond(), 2);
            case "s" -> Timestamp.padded(time.getSecond(), 1);
            case "ZZZZZ" -> moment.zone(":");
            case "ZZZZ" -> moment.zone("");
            case "ZZZ" -> moment.offset() == 0 ? "UTC" : moment.zone("");
            case "Z" -> moment.offset() == 0 ? "Z" : moment.zone(":");
            default -> throw arguments.failure(0, "\"%s\" is not a part of a time".formatted(row));
        };
    }
}
