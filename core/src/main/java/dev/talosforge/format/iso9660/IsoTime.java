package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.LimitException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Times as ISO 9660 stores them, always UTC. ECMA-119 8.4.26.1 and 9.1.5. */
final class IsoTime {
    private IsoTime() {}

    /** Seven bytes, from 1900 to 2155. */
    static byte[] ofRecord(long seconds, String path) throws LimitException {
        LocalDateTime at = at(seconds, path);
        if (at.getYear() < 1900 || at.getYear() > 2155) {
            throw new LimitException(
                    "ISO 9660", path, "changed in %d; dates range from 1900 to 2155".formatted(at.getYear()));
        }
        return new byte[] {
            (byte) (at.getYear() - 1900),
            (byte) at.getMonthValue(),
            (byte) at.getDayOfMonth(),
            (byte) at.getHour(),
            (byte) at.getMinute(),
            (byte) at.getSecond(),
            0
        };
    }

    /** Seventeen bytes: sixteen digits and the zone. */
    static byte[] ofVolume(long seconds) throws LimitException {
        LocalDateTime at = at(seconds, "volume");
        if (at.getYear() < 1 || at.getYear() > 9999) {
            throw new LimitException("ISO 9660", "volume", "created in the year " + at.getYear());
        }
        String digits = String.format(
                Locale.ROOT,
                "%04d%02d%02d%02d%02d%02d00\0",
                at.getYear(),
                at.getMonthValue(),
                at.getDayOfMonth(),
                at.getHour(),
                at.getMinute(),
                at.getSecond());
        return digits.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    static byte[] noTime() {
        return "0000000000000000\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Converts seven bytes to seconds since the epoch; an invalid date gives the epoch. */
    static long read(byte[] record, int offset) {
        try {
            long local = LocalDateTime.of(
                            1900 + Byte.toUnsignedInt(record[offset]),
                            record[offset + 1],
                            record[offset + 2],
                            record[offset + 3],
                            record[offset + 4],
                            record[offset + 5])
                    .toEpochSecond(ZoneOffset.UTC);
            return local - record[offset + 6] * 15L * 60;
        } catch (DateTimeException e) {
            return 0;
        }
    }

    private static LocalDateTime at(long seconds, String path) throws LimitException {
        try {
            return LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new LimitException("ISO 9660", path, seconds + " seconds since 1970 is not a valid date");
        }
    }
}
