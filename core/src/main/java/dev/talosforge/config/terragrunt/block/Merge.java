package dev.talosforge.config.terragrunt.block;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts one set of values over another, as Terragrunt does it. */
public final class Merge {
    private Merge() {}

    /** A list that is to be put behind something that is none. */
    public static final class Mismatch extends RuntimeException {
        private Mismatch(String name, Value below) {
            super("\"%s\" is %s in one and a list in the other, and lists are put behind lists only"
                    .formatted(name, below.kindName()));
        }

        public String why() {
            return String.valueOf(getMessage());
        }

        public BuildException problem(Range at, String what) {
            return at.problem(what, why(), "let both be of one kind, or do not merge them deeply");
        }
    }

    /** Deep: objects member by member, and lists one behind the other. */
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
     * One value over another.
     *
     * @param name what the values are, for a {@link Mismatch}
     * @param lists whether lists are put one behind the other; else the one above is in the place of the other
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
