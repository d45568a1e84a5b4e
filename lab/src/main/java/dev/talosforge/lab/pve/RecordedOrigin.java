package dev.talosforge.lab.pve;

import java.util.Locale;

/**
 * How something that the real server says is known.
 *
 * @param version in which it was seen or read
 * @param occasion the case in which it is said
 */
record RecordedOrigin(String version, Known known, String occasion) {
    /** The kind of evidence. */
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
