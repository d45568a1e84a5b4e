package dev.talosforge.config.hcl.functions;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as RFC 3339 writes it.
 *
 * @param local the local date and time
 * @param offset seconds by which local time is ahead of UTC; up to a day, which is more than the JDK's own type
 *     accepts
 */
public record Timestamp(LocalDateTime local, int offset) implements Comparable<Timestamp> {
    private static final Pattern TEXT =
            Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
                    + "(?:\\.([0-9]{1,100}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))");
    private static final Pattern AMOUNT =
            Pattern.compile("([0-9]{1,40}(?:\\.[0-9]{0,40})?|\\.[0-9]{1,40})(ns|us|µs|μs|ms|s|m|h)");

    /** Null if it is not a time. */
    public static @Nullable Timestamp parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            return null;
        }
        String fraction = m.group(7) == null ? "0" : m.group(7);
        int nanoseconds = number((fraction + "000000000").substring(0, 9));
        int offset = m.group(8) == null ? 0 : number(m.group(9)) * 3600 + number(m.group(10)) * 60;
        if (m.group(8) != null && (number(m.group(9)) > 23 || number(m.group(10)) > 59)) {
            return null;
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(m.group(1)),
                    number(m.group(2)),
                    number(m.group(3)),
                    number(m.group(4)),
                    number(m.group(5)),
                    number(m.group(6)),
                    nanoseconds);
            return new Timestamp(local, "-".equals(m.group(8)) ? -offset : offset);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int number(String digits) {
        return Integer.parseInt(digits, 10);
    }

    /** A duration like {@code -1h30m}; null if it is not one or does not fit 64 bits of nanoseconds. */
    static @Nullable Duration duration(String text) {
        boolean negative = text.startsWith("-");
        String amounts = negative || text.startsWith("+") ? text.substring(1) : text;
        if (amounts.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = AMOUNT.matcher(amounts);
        BigInteger nanoseconds = BigInteger.ZERO;
        int end = 0;
        while (matcher.lookingAt()) {
            BigDecimal part = new BigDecimal(matcher.group(1)).multiply(unit(matcher.group(2)));
            nanoseconds = nanoseconds.add(part.toBigInteger());
            end = matcher.end();
            matcher.region(end, amounts.length());
        }
        BigInteger signed = negative ? nanoseconds.negate() : nanoseconds;
        if (end != amounts.length() || amounts.isEmpty() || signed.bitLength() > 63) {
            return null;
        }
        return Duration.ofNanos(signed.longValueExact());
    }

    private static BigDecimal unit(String name) {
        return BigDecimal.valueOf(
                switch (name) {
                    case "ns" -> 1L;
                    case "us", "µs", "μs" -> 1_000L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    default -> 3_600_000_000_000L;
                });
    }

    Timestamp plus(Duration duration) {
        return new Timestamp(local.plus(duration), offset);
    }

    private LocalDateTime utc() {
        return local.minusSeconds(offset);
    }

    @Override
    public int compareTo(Timestamp other) {
        return utc().compareTo(other.utc());
    }

    /** RFC 3339 without a fraction of a second. */
    public String text() {
        return padded(local.getYear(), 4) + "-" + padded(local.getMonthValue(), 2) + "-"
                + padded(local.getDayOfMonth(), 2) + "T" + padded(local.getHour(), 2) + ":"
                + padded(local.getMinute(), 2) + ":" + padded(local.getSecond(), 2) + (offset == 0 ? "Z" : zone(":"));
    }

    /** An offset such as {@code +02:00}, with the given separator of hours and minutes. */
    String zone(String separator) {
        int minutes = Math.abs(offset) / 60;
        return (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + separator + padded(minutes % 60, 2);
    }

    static String padded(int number, int width) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
