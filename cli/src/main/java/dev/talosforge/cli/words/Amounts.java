package dev.talosforge.cli.words;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes, as written after an option. */
public final class Amounts {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([mhdw])");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?) ?([kmgt]?)(i?)b?");

    private static final Map<String, Duration> UNITS = Map.of(
            "m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1), "w", Duration.ofDays(7));

    private Amounts() {}

    /** Reads {@code 12h}, {@code 30d}, {@code 2w}. */
    public static Duration time(String option, String text) {
        Matcher found = TIME.matcher(text);
        Duration unit = found.matches() ? UNITS.get(found.group(2)) : null;
        if (unit == null) {
            throw BadOption.invalid(
                    "cannot use %s %s".formatted(option, text),
                    "it is not a number followed by m, h, d or w, such as 7d");
        }
        return unit.multipliedBy(Long.parseLong(found.group(1)));
    }

    /** Reads {@code 500MB}, {@code 1.5GB}, {@code 20GiB}; a number without a unit is in bytes. */
    public static long size(String option, String text) {
        Matcher found = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        String unit = found.matches() ? found.group(2) : "";
        if (!found.matches() || (unit.isEmpty() && !found.group(3).isEmpty())) {
            throw BadOption.invalid(
                    "cannot use %s %s".formatted(option, text), "it is not a size, such as 20GB, 1.5TB or 500MiB");
        }
        int base = found.group(3).isEmpty() ? 1000 : 1024;
        int power = unit.isEmpty() ? 0 : 1 + "kmgt".indexOf(unit);
        return new BigDecimal(found.group(1))
                .multiply(BigDecimal.valueOf(base).pow(power))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }
}
