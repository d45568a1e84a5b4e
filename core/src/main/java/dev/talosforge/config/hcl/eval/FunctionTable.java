package dev.talosforge.config.hcl.eval;

import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Functions by name. Immutable. */
public final class FunctionTable {
    private static final FunctionTable EMPTY = new FunctionTable(null, new Fixed(new TreeMap<>()));

    private final @Nullable FunctionTable outer;
    private final Layer layer;

    private FunctionTable(@Nullable FunctionTable outer, Layer layer) {
        this.outer = outer;
        this.layer = layer;
    }

    private interface Layer {
        @Nullable
        Function find(String name);

        Set<String> names();
    }

    private record Fixed(SortedMap<String, Function> functions) implements Layer {
        @Override
        public @Nullable Function find(String name) {
            return functions.get(name);
        }

        @Override
        public Set<String> names() {
            return functions.keySet();
        }
    }

    private record Bound<C>(FunctionSet<C> functions, C context) implements Layer {
        @Override
        public @Nullable Function find(String name) {
            return functions.find(name, context);
        }

        @Override
        public Set<String> names() {
            return functions.names();
        }
    }

    public static FunctionTable empty() {
        return EMPTY;
    }

    /** A table with these functions and more; one of the same name replaces the existing one. */
    public FunctionTable with(Collection<Function> added) {
        SortedMap<String, Function> byName = new TreeMap<>();
        added.forEach(function -> byName.put(function.name(), function));
        return new FunctionTable(this, new Fixed(byName));
    }

    /**
     * Like {@link #with(Collection)}, for functions that need something.
     *
     * @param context what they need
     */
    public <C> FunctionTable with(FunctionSet<C> added, C context) {
        return new FunctionTable(this, new Bound<>(added, context));
    }

    /** {@code core::} in front of a name means that it belongs to the language itself, as all of these do. */
    @Nullable
    public Function find(String called) {
        String name = called.startsWith("core::") ? called.substring("core::".length()) : called;
        for (FunctionTable table = this; table != null; table = table.outer) {
            Function found = table.layer.find(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        for (FunctionTable table = this; table != null; table = table.outer) {
            names.addAll(table.layer.names());
        }
        return names;
    }
}
