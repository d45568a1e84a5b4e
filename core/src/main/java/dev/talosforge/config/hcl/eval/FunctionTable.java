package dev.talosforge.config.hcl.eval;

import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Functions by name. Immutable. */
public final class FunctionTable {
    private static final FunctionTable EMPTY = new FunctionTable(null, new TreeMap<>());

    private final @Nullable FunctionTable outer;
    private final SortedMap<String, Function> functions;

    private FunctionTable(@Nullable FunctionTable outer, SortedMap<String, Function> functions) {
        this.outer = outer;
        this.functions = functions;
    }

    public static FunctionTable empty() {
        return EMPTY;
    }

    /** A table with these functions and more; one of the same name replaces the existing one. */
    public FunctionTable with(Collection<Function> added) {
        SortedMap<String, Function> byName = new TreeMap<>();
        added.forEach(function -> byName.put(function.name(), function));
        return new FunctionTable(this, byName);
    }

    /** {@code core::} in front of a name means that it belongs to the language itself, as all of these do. */
    @Nullable
    public Function find(String called) {
        String name = called.startsWith("core::") ? called.substring("core::".length()) : called;
        for (FunctionTable table = this; table != null; table = table.outer) {
            Function found = table.functions.get(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        for (FunctionTable table = this; table != null; table = table.outer) {
            names.addAll(table.functions.keySet());
        }
        return names;
    }
}
