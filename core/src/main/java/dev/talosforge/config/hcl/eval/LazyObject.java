package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import org.jspecify.annotations.Nullable;

/** An object whose members are evaluated when they are asked for, such as {@code local}. */
public interface LazyObject {
    /**
     * One member; an unknown name is a problem that points at {@code at}.
     *
     * @param at where it is asked for
     */
    Value member(String name, Range at);

    /** All members, evaluated. */
    Value whole(Range at);

    /** A member that is such an object itself, so that only what is asked for is evaluated in it, too; else null. */
    default @Nullable LazyObject nested(String name, Range at) {
        return null;
    }
}
