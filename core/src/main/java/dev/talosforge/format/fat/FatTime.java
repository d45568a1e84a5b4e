package dev.talosforge.format.fat;

import dev.talosforge.bytes.LimitException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * A time as directory entries store it: 1980 to 2107, in steps of two seconds. FAT uses local time without a zone; here
 * everything is UTC.
 *
 * @param date bits 15-9 years since 1980, 8-5 month, 4-0 day
 * @param time bits 15-11 hour, 10-5 minute, 4-0 seconds divided by two
 */
record FatTime(int date, int time) {
    /**
     * The time, rounded down. Times before 1980 become the first moment of 1980: trees with times set to the epoch are
     * common and must be writable.
     *
     * @param seconds since the epoch
     */
    static FatTime of(long seconds, String path) throws LimitException {
        LocalDateTime at;
        try {
            at = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new LimitException("FAT", path, seconds + " seconds since 1970 is not a valid date");
        }
        if (at.getYear() > 2107) {
            throw new LimitException("FAT", path, "changed in %d, but dates end in 2107".formatted(at.getYear()));
        }
        if (at.getYear() < 1980) {
            return new FatTime((1 << 5) | 1, 0);
        }
        return new FatTime(
                ((at.getYear() - 1980) << 9) | (at.getMonthValue() << 5) | at.getDayOfMonth(),
                (at.getHour() << 11) | (at.getMinute() << 5) | (at.getSecond() / 2));
    }

    /** In seconds since the epoch; an invalid date, such as month 0, gives the epoch. */
    long seconds() {
        try {
            return LocalDateTime.of(
                            1980 + (date >> 9),
                            (date >> 5) & 15,
                            date & 31,
                            time >> 11,
                            (time >> 5) & 63,
                            (time & 31) * 2)
                    .toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return 0;
        }
    }
}
