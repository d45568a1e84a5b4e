package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import org.jspecify.annotations.Nullable;

/** An object whose members are evaluated when they are read, such as {@code local}. */
public interface LazyObject {
    /**
     * One member; an unknown name is a problem that points at {@code at}.
     *
     * @param at where it is read
     */
    Value member(String name, Range at);

    /** All members, evaluated. */
    Value whole(Range at);

    /** A member that is such an object itself, so that only what is read in it is evaluated, too; otherwise null. */
    default @Nullable LazyObject nested(String name, Range at) {
        return null;
    }
}
