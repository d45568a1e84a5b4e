package dev.talosforge.extension;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A source that lacks what is requested of it. The message says why in a sentence; the catcher knows which source it
 * is.
 */
public final class SourceException extends IOException {
    private final @Nullable String remedy;

    public SourceException(String why, @Nullable String remedy) {
        super(why);
        this.remedy = remedy;
    }

    /** What to do about it; null if there is no advice. */
    public @Nullable String remedy() {
        return remedy;
    }
}
