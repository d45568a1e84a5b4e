package dev.talosforge.config.terragrunt.block;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Merges one set of values into another, as Terragrunt does. */
public final class Merge {
    private Merge() {}

    /** A list that would be appended to something that is not a list. */
    public static final class Mismatch extends RuntimeException {
        private Mismatch(String name, Value below) {
            super("\"%s\" is %s in one and a list in the other, and a list can only be appended to a list"
                    .formatted(name, below.kindName()));
        }

        public String why() {
            return String.valueOf(getMessage());
        }

        public BuildException problem(Range at, String what) {
            return at.problem(what, why(), "give both the same kind, or do not merge them deeply");
        }
    }

    /** Deep: objects member by member, and lists concatenated. */
    public static SortedMap<String, Value> inputs(
            SortedMap<String, Value> below, SortedMap<String, Value> above, boolean deep) {
        SortedMap<String, Value> merged = new TreeMap<>(Value.BY_CODE_POINT);
        merged.putAll(below);
        above.forEach((name, value) -> {
            Value under = merged.get(name);
            merged.put(name, deep && under != null ? deep(name, under, value, true) : value);
        });
        return merged;
    }

    /**
     * Merges one value into another.
     *
     * @param name the name of the values, for a {@link Mismatch}
     * @param lists whether lists are concatenated; otherwise the upper one replaces the lower one
     */
    public static Value deep(String name, Value below, Value above, boolean lists) {
        if (below instanceof Value.Mapping(boolean map, var under) && above instanceof Value.Mapping(var _, var over)) {
            SortedMap<String, Value> merged = new TreeMap<>(Value.BY_CODE_POINT);
            merged.putAll(under);
            over.forEach((inner, value) -> {
                Value other = merged.get(inner);
                merged.put(inner, other == null ? value : deep(name + "." + inner, other, value, lists));
            });
            return map ? Value.map(merged) : Value.object(merged);
        }
        if (lists && above instanceof Value.Sequence(var _, var second)) {
            return switch (below) {
                case Value.Sequence(var _, var first) -> {
                    List<Value> both = new ArrayList<>(first);
                    both.addAll(second);
                    yield Value.tuple(both);
                }
                case Value.Null _, Value.Unknown _ -> above;
                case Value.Text _, Value.Decimal _, Value.Bool _, Value.Mapping _ -> throw new Mismatch(name, below);
            };
        }
        return above;
    }
}
