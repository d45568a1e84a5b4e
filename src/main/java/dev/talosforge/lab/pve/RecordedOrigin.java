package dev.talosforge.lab.pve;

import java.util.Locale;

/**
 * Where something that the real server says is known from.
 *
 * @param version that it was seen in, or read of
 * @param occasion the case in which it is said
 */
record RecordedOrigin(String version, Known known, String occasion) {
    /** How it is known. */
    enum Known {
        /** The real server was run and said it. */
        RAN,
        /** Its source says it. */
        READ,
        /** It follows from something that was run or read. */
        INFERRED
    }

    RecordedOrigin {
        if (version.isBlank() || occasion.isBlank()) {
            throw new IllegalArgumentException(
                    "a row says neither version nor case, or one of them only: \"%s\", \"%s\""
                            .formatted(version, occasion));
        }
    }

    static RecordedOrigin of(String version, String known, String occasion) {
        return new RecordedOrigin(version, Known.valueOf(known.toUpperCase(Locale.ROOT)), occasion);
    }
}
