package dev.talosforge.format.compress;

import dev.talosforge.bytes.FormatException;
import java.io.EOFException;

/** Converts exceptions of the libraries to this program's own. */
final class Broken {
    private Broken() {}

    /**
     * The failure, stated as a fact about the bytes.
     *
     * @param offset in the decompressed content, in bytes
     */
    static FormatException because(String structure, long offset, Exception cause) {
        if (cause instanceof FormatException already) {
            return already;
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            message = cause instanceof EOFException ? "ends too early" : "is damaged";
        }
        FormatException broken = new FormatException(structure, offset, message);
        broken.initCause(cause);
        return broken;
    }

    /** A failure in a block of a zstd frame. */
    static FormatException block(String why) {
        return new FormatException("zstd block", 0, why);
    }
}
