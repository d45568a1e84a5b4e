package dev.talosforge.extension;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A source that does not have what is asked of it. Says why in a sentence; which source it is, is known where it is caught. */
public final class SourceException extends IOException {
    private final @Nullable String remedy;

    public SourceException(String why, @Nullable String remedy) {
        super(why);
        this.remedy = remedy;
    }

    /** What to do about it; null where nothing can be said. */
    public @Nullable String remedy() {
        return remedy;
    }
}
