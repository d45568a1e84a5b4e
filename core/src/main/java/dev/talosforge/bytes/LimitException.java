package dev.talosforge.bytes;

import java.io.IOException;

/**
 * Content that a format cannot hold. Names the entry and the limit: the content is the user's, and so is the remedy.
 */
public final class LimitException extends IOException {
    public LimitException(String format, String entry, String limit) {
        super("%s: %s: %s".formatted(format, entry, limit));
    }
}
