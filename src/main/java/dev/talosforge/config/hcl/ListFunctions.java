package dev.talosforge.config.hcl;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Tuples, lists and sets. */
final class ListFunctions {
    private ListFunctions() {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>(List.of(
                Function.of("length", 1, 1, ListFunctions::length),
                Function.of("concat", 1, Function.ANY_NUMBER, ListFunctions::concat),
                Function.of("flatten", 1, 1, ListFunctions::flatten),
                Function.of(
                        "contains",
                        2,
                        2,
                        a -> Value.of(a.items(0).stream().anyMatch(item -> looselyEqual(item, a.value(1))))),
                Function.of("distinct", 1, 1, ListFunctions::distinct),
                Function.of("element", 2, 2, ListFunctions::element),
                Function.of("index", 2, 2, ListFunctions::index),
                Function.of("slice", 3, 3, ListFunctions::slice),
                Function.of("reverse", 1, 1, a -> Value.list(a.items(0).reversed())),
                Function.of("sort", 1, 1, ListFunctions::sort),
                Function.of("compact", 1, 1, ListFunctions::compact),
                Function.of("chunklist", 2, 2, ListFunctions::chunks),
                Function.of("coalesce", 1, Function.ANY_NUMBER, ListFunctions::coalesce),
                Function.of("coalescelist", 1, Function.ANY_NUMBER, ListFunctions::coalesceList),
                Function.of("one", 1, 1, ListFunctions::one)));
        functions.addAll(List.of(
                Function.of("alltrue", 1, 1, a -> Value.of(bools(a).stream().allMatch(b -> b))),
                Function.of("anytrue", 1, 1, a -> Value.of(bools(a).stream().anyMatch(b -> b))),
                Function.of("setunion", 1, Function.ANY_NUMBER, ListFunctions::union),
                Function.of("setintersection", 1, Function.ANY_NUMBER, ListFunctions::intersection),
                Function.of("setsubtract", 2, 2, ListFunctions::subtract),
                Function.of("setproduct", 1, Function.ANY_NUMBER, ListFunctions::product),
                Function.of("matchkeys", 3, 3, ListFunctions::matchKeys)));
        return functions;
    }

    private static Value length(Arguments arguments) {
        return switch (arguments.some(0)) {
            case Value.Sequence(var _, var items) -> Value.of(items.size());
            case Value.Mapping(var _, var members) -> Value.of(members.size());
            case Value.Text(String text) ->
                Value.of(StringFunctions.characters(text).size());
            case Value.Decimal _, Value.Bool _, Value.Null _, Value.Unknown _ ->
                throw arguments.failure(
                        0,
                        "a list, a map or text was expected, it is "
                                + arguments.value(0).kindName());
        };
    }

    private static Value concat(Arguments arguments) {
        List<Value> items = new ArrayList<>();
        boolean tuples = false;
        for (int i = 0; i < arguments.size(); i++) {
            items.addAll(arguments.items(i));
            tuples |= arguments.isTuple(i);
        }
        return tuples ? Value.tuple(items) : unifiedList(items);
    }

    /** A list when the items have a type in common, else a tuple. */
    private static Value unifiedList(List<Value> items) {
        Type item = Type.unify(items.stream().map(Type::of).toList());
        Value list = item == null ? null : new Type.ListOf(item).convert(Value.tuple(items));
        return list == null ? Value.tuple(items) : list;
    }

    private static Value flatten(Arguments arguments) {
        List<Value> flat = new ArrayList<>();
        flatten(arguments, arguments.items(0), flat);
        return Value.tuple(flat);
    }

    private static void flatten(Arguments arguments, List<Value> items, List<Value> flat) {
        for (Value item : items) {
            if (item instanceof Value.Sequence(var _, var inner)) {
                flatten(arguments, inner, flat);
            } else {
                flat.add(item);
                if (flat.size() > Budget.MAX_ITEMS) {
                    throw arguments.failure("it would have more than %d items".formatted(Budget.MAX_ITEMS));
                }
            }
        }
    }

    /** Equal after conversion to the one type of both, as for the items of one list. */
    static boolean looselyEqual(Value a, Value b) {
        if (Operators.equal(a, b)) {
            return true;
        }
        Type type = Type.unify(List.of(Type.of(a), Type.of(b)));
        Value x = type == null ? null : type.convert(a);
        Value y = type == null ? null : type.convert(b);
        return x != null && y != null && Operators.equal(x, y);
    }

    private static Value distinct(Arguments arguments) {
        List<Value> kept = new ArrayList<>();
        TreeSet<Value> seen = new TreeSet<>(ValueOrder.INSTANCE);
        for (Value item : arguments.items(0)) {
            if (seen.add(item)) {
                kept.add(item);
            }
        }
        return unifiedList(kept);
    }

    private static Value element(Arguments arguments) {
        List<Value> items = arguments.items(0);
        if (items.isEmpty()) {
            throw arguments.failure(0, "the list is empty");
        }
        int position = arguments.whole(1, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return items.get(Math.floorMod(position, items.size()));
    }

    private static Value index(Arguments arguments) {
        List<Value> items = arguments.items(0);
        for (int i = 0; i < items.size(); i++) {
            if (Operators.equal(items.get(i), arguments.value(1))) {
                return Value.of(i);
            }
        }
        throw arguments.failure(1, "the list has no such item");
    }

    private static Value slice(Arguments arguments) {
        List<Value> items = arguments.items(0);
        int start = arguments.whole(1, 0, items.size());
        int end = arguments.whole(2, start, items.size());
        return same(arguments, items.subList(start, end));
    }

    private static Value same(Arguments arguments, List<Value> items) {
        return arguments.isTuple(0) ? Value.tuple(items) : Value.list(items);
    }

    private static Value sort(Arguments arguments) {
        List<String> texts = new ArrayList<>(arguments.texts(0));
        texts.sort(Value.BY_CODE_POINT);
        return Value.listOfTexts(texts);
    }

    private static Value compact(Arguments arguments) {
        List<Value> kept = new ArrayList<>();
        for (Value item : arguments.items(0)) {
            if (item instanceof Value.Null) {
                continue;
            }
            if (!(Type.Simple.TEXT.convert(item) instanceof Value.Text text)) {
                throw arguments.failure(0, "a list of texts was expected, an item is " + item.kindName());
            }
            if (!text.value().isEmpty()) {
                kept.add(text);
            }
        }
        return Value.list(kept);
    }

    private static Value chunks(Arguments arguments) {
        List<Value> items = arguments.items(0);
        int size = arguments.whole(1, 0, Integer.MAX_VALUE);
        List<Value> chunks = new ArrayList<>();
        for (int i = 0; i < items.size(); i += size) {
            int end = size == 0 ? items.size() : (int) Math.min(items.size(), (long) i + size);
            chunks.add(Value.list(items.subList(i, end)));
            if (end == items.size()) {
                break;
            }
        }
        return Value.list(chunks);
    }

    private static Value coalesce(Arguments arguments) {
        Type type = Type.unify(arguments.all().stream().map(Type::of).toList());
        if (type == null) {
            throw arguments.failure("the arguments have no type in common");
        }
        for (Value value : arguments.all()) {
            boolean empty = value instanceof Value.Null || (value instanceof Value.Text(String text) && text.isEmpty());
            Value converted = empty ? null : type.convert(value);
            if (converted != null) {
                return converted;
            }
        }
        throw arguments.failure("all arguments are null or empty text");
    }

    private static Value coalesceList(Arguments arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (!(arguments.value(i) instanceof Value.Null)
                    && !arguments.items(i).isEmpty()) {
                return arguments.value(i);
            }
        }
        throw arguments.failure("all lists are empty");
    }

    private static Value one(Arguments arguments) {
        List<Value> items = arguments.items(0);
        if (items.size() > 1) {
            throw arguments.failure(0, "the list has %d items, at most one was expected".formatted(items.size()));
        }
        return items.isEmpty() ? Value.ofNull() : items.getFirst();
    }

    private static List<Boolean> bools(Arguments arguments) {
        List<Boolean> bools = new ArrayList<>();
        for (Value item : arguments.items(0)) {
            if (item instanceof Value.Null) {
                bools.add(false);
            } else if (Type.Simple.BOOL.convert(item) instanceof Value.Bool(boolean bool)) {
                bools.add(bool);
            } else {
                throw arguments.failure(0, "a list of bools was expected, an item is " + item.kindName());
            }
        }
        return bools;
    }

    private static Value union(Arguments arguments) {
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            all.addAll(arguments.items(i));
        }
        return Value.set(all);
    }

    private static Value intersection(Arguments arguments) {
        TreeSet<Value> kept = new TreeSet<>(ValueOrder.INSTANCE);
        kept.addAll(arguments.items(0));
        for (int i = 1; i < arguments.size(); i++) {
            TreeSet<Value> other = new TreeSet<>(ValueOrder.INSTANCE);
            other.addAll(arguments.items(i));
            kept.retainAll(other);
        }
        return Value.set(kept);
    }

    private static Value subtract(Arguments arguments) {
        TreeSet<Value> kept = new TreeSet<>(ValueOrder.INSTANCE);
        kept.addAll(arguments.items(0));
        for (Value item : arguments.items(1)) {
            kept.remove(item);
        }
        return Value.set(kept);
    }

    private static Value product(Arguments arguments) {
        List<List<Value>> rows = List.of(List.of());
        boolean sets = true;
        for (int i = 0; i < arguments.size(); i++) {
            List<Value> items = arguments.items(i);
            sets &= arguments.isSet(i);
            if ((long) rows.size() * items.size() > Budget.MAX_ITEMS) {
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
        return sets ? Value.set(tuples) : Value.list(tuples);
    }

    private static Value matchKeys(Arguments arguments) {
        List<Value> values = arguments.items(0);
        List<Value> keys = arguments.items(1);
        if (values.size() != keys.size()) {
            throw arguments.failure("it has %d values and %d keys".formatted(values.size(), keys.size()));
        }
        List<Value> wanted = arguments.items(2);
        List<Value> found = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Value key = keys.get(i);
            if (wanted.stream().anyMatch(w -> looselyEqual(w, key))) {
                found.add(values.get(i));
            }
        }
        return Value.list(found);
    }
}
