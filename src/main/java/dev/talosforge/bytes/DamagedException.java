package dev.talosforge.bytes;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What was kept under a digest is not what has it: whoever kept it lost it, and whoever made it did nothing wrong. */
public final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedException(String what, @Nullable IOException cause) {
        super(what, cause);
    }
}
