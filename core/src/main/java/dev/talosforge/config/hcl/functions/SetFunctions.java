package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Set operations; the items are converted to one type first. */
final class SetFunctions {
    private SetFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("setunion(sets...)", SetFunctions::union),
                Function.of("setintersection(sets...)", SetFunctions::intersection),
                Function.of("setsubtract(a, b)", SetFunctions::subtract),
                Function.of("setproduct(first, sets...)", SetFunctions::product));
    }

    /** The arguments' items, all of one type. */
    private static List<Set<Value>> sets(Arguments arguments) {
        List<Type> types = new ArrayList<>();
        List<List<Value>> lists = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            List<Value> items = arguments.unified(i);
            lists.add(items);
            types.add(Type.unify(items.stream().map(Type::of).toList()));
        }
        types.removeIf(Type.Any.class::isInstance); // An empty set fits any other set.
        Type type = Type.unify(types);
        if (type == null) {
            throw arguments.failure("the items of the sets have no type in common");
        }
        List<Set<Value>> sets = new ArrayList<>();
        for (List<Value> items : lists) {
            if (!(new Type.SetOf(type).convert(Value.list(items)) instanceof Value.Sequence(var _, var converted))) {
                throw arguments.failure("the items of the sets have no type in common");
            }
            Set<Value> set = new TreeSet<>(ValueOrder.INSTANCE);
            set.addAll(converted);
            sets.add(set);
        }
        return sets;
    }

    private static Value union(Arguments arguments) {
        List<Value> all = new ArrayList<>();
        sets(arguments).forEach(all::addAll);
        return Value.set(all);
    }

    private static Value intersection(Arguments arguments) {
        List<Set<Value>> sets = sets(arguments);
        Set<Value> kept = sets.getFirst();
        sets.forEach(kept::retainAll);
        return Value.set(kept);
    }

    private static Value subtract(Arguments arguments) {
        List<Set<Value>> sets = sets(arguments);
        Set<Value> kept = sets.getFirst();
        kept.removeAll(sets.get(1));
        return Value.set(kept);
    }

    /** A list in the order of the arguments, or a set if one of them is a set. */
    private static Value product(Arguments arguments) {
        List<List<Value>> rows = List.of(List.of());
        boolean set = false;
        for (int i = 0; i < arguments.size(); i++) {
            List<Value> items = arguments.unified(i);
            set |= arguments.isSet(i);
            if ((long) rows.size() * items.size() * arguments.size() > Budget.MAX_ITEMS) {
                throw arguments.failure("it would have more than %d items".formatted(Budget.MAX_ITEMS));
            }
            List<List<Value>> longer = new ArrayList<>();
            for (List<Value> row : rows) {
                for (Value item : items) {
                    List<Value> added = new ArrayList<>(row);
                    added.add(item);
                    longer.add(added);
                }
            }
            rows = longer;
        }
        List<Value> tuples = rows.stream().map(Value::tuple).toList();
        return set ? Value.set(tuples) : Value.list(tuples);
    }
}
