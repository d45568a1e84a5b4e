package dev.talosforge.provenance;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a record writes a constant. Renaming one makes older records unreadable. */
final class RecordKey {
    private RecordKey() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The one that is written so; null for none. */
    static <E extends Enum<E>> @Nullable E find(E[] constants, @Nullable String key) {
        for (E constant : constants) {
            if (of(constant).equals(key)) {
                return constant;
            }
        }
        return null;
    }
}
