package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Equality;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Tuples, lists and sets. */
final class ListFunctions {
    private ListFunctions() {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>(List.of(
                Function.of("length(value)", ListFunctions::length),
                Function.of("concat(seqs...)", ListFunctions::concat),
                Function.of("flatten(list)", ListFunctions::flatten),
                Function.of("contains(list, value)", ListFunctions::contains),
                Function.of("distinct(list)", ListFunctions::distinct),
                Function.of("element(list, index)", ListFunctions::element),
                Function.of("index(list, value)", ListFunctions::index),
                Function.of("slice(list, start_index, end_index)", ListFunctions::slice),
                Function.of("reverse(list)", a -> same(a, a.items(0).reversed())),
                Function.of("sort(list)", ListFunctions::sort),
                Function.of("compact(list)", ListFunctions::compact),
                Function.of("chunklist(list, size)", ListFunctions::chunks),
                Function.of("coalesce(vals...)", ListFunctions::coalesce),
                Function.of("coalescelist(vals...)", ListFunctions::coalesceList),
                Function.of("one(list)", ListFunctions::one)));
        functions.addAll(List.of(
                Function.of("alltrue(list)", a -> Value.of(bools(a).stream().allMatch(b -> b))),
                Function.of("anytrue(list)", a -> Value.of(bools(a).stream().anyMatch(b -> b))),
                Function.of("matchkeys(values, keys, searchset)", ListFunctions::matchKeys)));
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
                        "expected a list, a map or text, found "
                                + arguments.value(0).kindName());
        };
    }

    /** A list if all arguments are lists and their items have a type in common, otherwise a tuple. */
    private static Value concat(Arguments arguments) {
        List<Value> items = new ArrayList<>();
        List<Type> types = new ArrayList<>();
        boolean tuples = false;
        for (int i = 0; i < arguments.size(); i++) {
            items.addAll(arguments.ordered(i));
            types.add(Type.of(arguments.value(i)));
            tuples |= arguments.isTuple(i);
            if (items.size() > Budget.MAX_ITEMS) {
                throw arguments.failure("it would have more than %d items".formatted(Budget.MAX_ITEMS));
            }
        }
        Type list = tuples ? null : Type.unify(types);
        Value unified = list == null ? null : list.convert(Value.list(items));
        return unified == null ? Value.tuple(items) : unified;
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

    private static Value contains(Arguments arguments) {
        Value searched = arguments.some(1);
        Equality equality = arguments.equality();
        return Value.of(arguments.items(0).stream().anyMatch(item -> equality.known(item, searched)));
    }

    private static Value distinct(Arguments arguments) {
        List<Value> kept = new ArrayList<>();
        TreeSet<Value> seen = new TreeSet<>(ValueOrder.INSTANCE);
        for (Value item : arguments.unified(0)) {
            if (seen.add(item)) {
                kept.add(item);
            }
        }
        return Value.list(kept);
    }

    private static Value element(Arguments arguments) {
        List<Value> items = arguments.ordered(0);
        if (items.isEmpty()) {
            throw arguments.failure(0, "the list is empty");
        }
        return items.get((int) Math.floorMod(arguments.wholeLong(1), (long) items.size()));
    }

    private static Value index(Arguments arguments) {
        List<Value> items = arguments.ordered(0);
        Equality equality = arguments.equality();
        for (int i = 0; i < items.size(); i++) {
            if (equality.known(items.get(i), arguments.some(1))) {
                return Value.of(i);
            }
        }
        throw arguments.failure(1, "the list has no such item");
    }

    private static Value slice(Arguments arguments) {
        List<Value> items = arguments.ordered(0);
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
                throw arguments.failure(0, "expected a list of texts, an item is " + item.kindName());
            }
            if (!text.value().isEmpty()) {
                kept.add(text);
            }
        }
        return Value.list(kept);
    }

    private static Value chunks(Arguments arguments) {
        List<Value> items = arguments.unified(0);
        long given = arguments.wholeLong(1);
        if (given < 0) {
            throw arguments.failure(1, "expected a size of at least 0, found %d".formatted(given));
        }
        int size = (int) Math.min(given, Integer.MAX_VALUE);
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

    /**
     * Converted to the one type of all; a null among them leaves collections of one kind, and values without a common
     * type, unchanged.
     */
    private static Value coalesce(Arguments arguments) {
        List<Type> types = arguments.all().stream().map(Type::of).toList();
        boolean nulls = arguments.all().stream().anyMatch(Value.Null.class::isInstance);
        List<String> kinds = types.stream()
                .filter(type -> !(type instanceof Type.Any || type instanceof Type.Simple))
                .map(type -> type.getClass().getSimpleName())
                .distinct()
                .toList();
        boolean simple = types.stream().anyMatch(Type.Simple.class::isInstance);
        Type unified = nulls && kinds.size() == 1 && !simple ? new Type.Any() : Type.unify(types);
        boolean unlike = kinds.contains("ObjectOf") && kinds.contains("TupleOf");
        if (unified == null && (!nulls || unlike)) {
            throw arguments.failure("the arguments have no type in common");
        }
        Type type = unified == null ? new Type.Any() : unified;
        for (Value value : arguments.all()) {
            boolean empty = value instanceof Value.Null || (value.equals(Value.of("")) && type == Type.Simple.TEXT);
            Value converted = empty ? null : type.convert(value);
            if (converted != null) {
                return converted;
            }
        }
        throw arguments.failure("all arguments are null or empty text");
    }

    private static Value coalesceList(Arguments arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (!(arguments.value(i) instanceof Value.Null)) {
                arguments.ordered(i);
            }
        }
        for (int i = 0; i < arguments.size(); i++) {
            if (!(arguments.value(i) instanceof Value.Null)
                    && !arguments.ordered(i).isEmpty()) {
                return arguments.value(i);
            }
        }
        throw arguments.failure("all lists are empty");
    }

    private static Value one(Arguments arguments) {
        List<Value> items = arguments.items(0);
        if (items.size() > 1) {
            throw arguments.failure(0, "the list has %d items, expected at most one".formatted(items.size()));
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
                throw arguments.failure(0, "expected a list of bools, an item is " + item.kindName());
            }
        }
        return bools;
    }

    private static Value matchKeys(Arguments arguments) {
        List<Value> values = arguments.unified(0);
        List<Value> keys = arguments.unified(1);
        List<Value> wanted = arguments.unified(2);
        Type type = Type.unify(List.of(Type.of(Value.list(keys)), Type.of(Value.list(wanted))));
        if (type == null
                || !(type.convert(Value.list(keys)) instanceof Value.Sequence(var _, List<Value> sameKeys))
                || !(type.convert(Value.list(wanted)) instanceof Value.Sequence(var _, List<Value> sameWanted))) {
            throw arguments.failure(2, "keys and searched values have no type in common");
        }
        if (values.size() != keys.size()) {
            throw arguments.failure("it has %d values and %d keys".formatted(values.size(), keys.size()));
        }
        List<Value> found = new ArrayList<>();
        TreeSet<Value> searched = new TreeSet<>(ValueOrder.INSTANCE);
        searched.addAll(sameWanted);
        for (int i = 0; i < sameKeys.size(); i++) {
            if (searched.contains(sameKeys.get(i))) {
                found.add(values.get(i));
            }
        }
        return Value.list(found);
    }
}
