package dev.talosforge.provenance;

import java.io.Serial;

/** A record that a newer version of this program wrote. */
final class NewerRecordException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private static final String WHO = ": a newer Talos Forge wrote it";

    private NewerRecordException(String message) {
        super(message);
    }

    /** A record with something that this version does not know. */
    static NewerRecordException of(String what) {
        return new NewerRecordException(what + ", which this version does not know" + WHO);
    }

    static NewerRecordException ofFormat(long format, int known) {
        return new NewerRecordException("its format is %d, expected %d%s".formatted(format, known, WHO));
    }
}
