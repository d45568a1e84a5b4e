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

    /** One that has something that is not known yet. */
    static NewerRecordException of(String what) {
        return new NewerRecordException(what + ", which is not known here" + WHO);
    }

    static NewerRecordException ofFormat(long format, int known) {
        return new NewerRecordException("its format is %d, %d is needed%s".formatted(format, known, WHO));
    }
}
