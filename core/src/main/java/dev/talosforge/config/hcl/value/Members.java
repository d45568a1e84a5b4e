package dev.talosforge.config.hcl.value;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Immutable values by name that know how deep they are nested. */
@SuppressWarnings("JdkObsolete") // Readers of a value are promised only a SortedMap.
final class Members extends AbstractMap<String, Value> implements SortedMap<String, Value> {
    private final SortedMap<String, Value> members;
    private final int depth;

    private Members(SortedMap<String, Value> members, int depth) {
        this.members = members;
        this.depth = depth;
    }

    /** Throws a {@link FunctionFailure} for more than {@link Value#MAX_DEPTH} levels. */
    static Members of(SortedMap<String, Value> members) {
        if (members instanceof Members already) {
            return already;
        }
        SortedMap<String, Value> sorted = new TreeMap<>(Value.BY_CODE_POINT);
        sorted.putAll(members);
        return new Members(Collections.unmodifiableSortedMap(sorted), depthAround(sorted.values()));
    }

    /**
     * Levels of a collection with these members. Values that are built step by step are limited here, not by the depth
     * of the text.
     */
    static int depthAround(Collection<Value> values) {
        int deepest = 0;
        for (Value value : values) {
            if (value instanceof Value.Sequence(var _, var items) && items instanceof Items nested) {
                deepest = Math.max(deepest, nested.depth());
            } else if (value instanceof Value.Mapping(var _, var members) && members instanceof Members nested) {
                deepest = Math.max(deepest, nested.depth);
            }
        }
        if (deepest >= Value.MAX_DEPTH) {
            throw new FunctionFailure(-1, "a value is nested more than %d levels deep".formatted(Value.MAX_DEPTH));
        }
        return deepest + 1;
    }

    @Override
    public Set<Entry<String, Value>> entrySet() {
        return members.entrySet();
    }

    @Override
    public @Nullable Value get(@Nullable Object name) {
        return members.get(name);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return members.containsKey(name);
    }

    @Override
    public Set<String> keySet() {
        return members.keySet();
    }

    @Override
    public Collection<Value> values() {
        return members.values();
    }

    @Override
    public Comparator<? super String> comparator() {
        return Value.BY_CODE_POINT;
    }

    @Override
    public SortedMap<String, Value> subMap(String from, String to) {
        return members.subMap(from, to);
    }

    @Override
    public SortedMap<String, Value> headMap(String to) {
        return members.headMap(to);
    }

    @Override
    public SortedMap<String, Value> tailMap(String from) {
        return members.tailMap(from);
    }

    @Override
    public String firstKey() {
        return members.firstKey();
    }

    @Override
    public String lastKey() {
        return members.lastKey();
    }
}
