package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The names that an expression may use. Immutable; a scope with one more name is a new one. */
public final class Scope {
    private static final Scope EMPTY = new Scope(null, "", null, null);

    private final @Nullable Scope outer;
    private final String name;
    private final @Nullable Value value;
    private final @Nullable LazyObject lazy;

    private Scope(@Nullable Scope outer, String name, @Nullable Value value, @Nullable LazyObject lazy) {
        this.outer = outer;
        this.name = name;
        this.value = value;
        this.lazy = lazy;
    }

    public static Scope empty() {
        return EMPTY;
    }

    /** A scope with one more name, which hides an outer one. */
    public Scope with(String added, Value bound) {
        return new Scope(this, added, bound, null);
    }

    public Scope with(String added, LazyObject bound) {
        return new Scope(this, added, null, bound);
    }

    @Nullable
    Value value(String wanted, Range at) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.outer != null && scope.name.equals(wanted)) {
                return scope.lazy != null ? scope.lazy.whole(at) : scope.value;
            }
        }
        return null;
    }

    @Nullable
    LazyObject lazy(String wanted) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.outer != null && scope.name.equals(wanted)) {
                return scope.lazy;
            }
        }
        return null;
    }

    SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        for (Scope scope = this; scope.outer != null; scope = scope.outer) {
            names.add(scope.name);
        }
        return names;
    }
}
