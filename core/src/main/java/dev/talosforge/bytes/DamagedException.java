package dev.talosforge.bytes;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Content stored under a digest does not have that digest. The store is at fault, not whoever made the content. */
public final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedException(String what, @Nullable IOException cause) {
        super(what, cause);
    }
}
