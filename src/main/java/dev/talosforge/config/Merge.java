package dev.talosforge.config;

import dev.talosforge.config.hcl.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts one set of values over another. */
final class Merge {
    private Merge() {}

    /** Deep: objects member by member, and lists one behind the other. */
    static SortedMap<String, Value> inputs(
            SortedMap<String, Value> below, SortedMap<String, Value> above, boolean deep) {
        SortedMap<String, Value> merged = new TreeMap<>(Value.BY_CODE_POINT);
        merged.putAll(below);
        above.forEach((name, value) -> {
            Value under = merged.get(name);
            merged.put(name, deep && under != null ? deep(under, value, true) : value);
        });
        return merged;
    }

    static Value deep(Value below, Value above, boolean lists) {
        if (below instanceof Value.Mapping(boolean map, var under) && above instanceof Value.Mapping(var _, var over)) {
            SortedMap<String, Value> merged = new TreeMap<>(Value.BY_CODE_POINT);
            merged.putAll(under);
            over.forEach((name, value) -> {
                Value other = merged.get(name);
                merged.put(name, other == null ? value : deep(other, value, lists));
            });
            return map ? Value.map(merged) : Value.object(merged);
        }
        if (lists
                && below instanceof Value.Sequence(var _, var first)
                && above instanceof Value.Sequence(var _, var second)) {
            List<Value> both = new ArrayList<>(first);
            both.addAll(second);
            return Value.tuple(both);
        }
        return above;
    }
}
