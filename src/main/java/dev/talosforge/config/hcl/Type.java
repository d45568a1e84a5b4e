package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.Value.Sequence.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The type of a value, as far as conversion needs it. */
public sealed interface Type {
    /** A number as text: with ASCII digits only, and not too long. */
    Pattern NUMBER = Pattern.compile("(?=.{1,1000}\\z)[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");

    /** What converts to anything: null and what is not known. */
    record Any() implements Type {}

    /** The simple types. */
    enum Simple implements Type {
        TEXT,
        NUMBER,
        BOOL
    }

    record ListOf(Type item) implements Type {}

    record SetOf(Type item) implements Type {}

    record MapOf(Type member) implements Type {}

    record TupleOf(List<Type> items) implements Type {
        public TupleOf {
            items = List.copyOf(items);
        }
    }

    record ObjectOf(SortedMap<String, Type> members) implements Type {
        public ObjectOf {
            members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        }
    }

    static Type of(Value value) {
        return switch (value) {
            case Value.Text _ -> Simple.TEXT;
            case Value.Decimal _ -> Simple.NUMBER;
            case Value.Bool _ -> Simple.BOOL;
            case Value.Null _, Value.Unknown _ -> new Any();
            case Value.Sequence(Kind kind, List<Value> items) -> ofSequence(kind, items);
            case Value.Mapping(boolean map, SortedMap<String, Value> members) -> {
                if (map) {
                    Type member = unify(typesOf(members.values()));
                    yield new MapOf(member == null ? new Any() : member);
                }
                SortedMap<String, Type> types = new TreeMap<>(Value.BY_CODE_POINT);
                members.forEach((name, member) -> types.put(name, of(member)));
                yield new ObjectOf(types);
            }
        };
    }

    private static Type ofSequence(Kind kind, List<Value> items) {
        if (kind == Kind.TUPLE) {
            return new TupleOf(typesOf(items));
        }
        Type item = unify(typesOf(items));
        Type known = item == null ? new Any() : item;
        return kind == Kind.LIST ? new ListOf(known) : new SetOf(known);
    }

    private static List<Type> typesOf(Collection<Value> values) {
        return values.stream().map(Type::of).toList();
    }

    /** The one type that all convert to, or null when there is none; {@link Any} for no types at all. */
    static @Nullable Type unify(Collection<Type> types) {
        List<Type> known = types.stream().filter(type -> !(type instanceof Any)).toList();
        if (known.isEmpty()) {
            return new Any();
        }
        if (known.stream().allMatch(known.getFirst()::equals)) {
            return known.getFirst();
        }
        if (known.stream().allMatch(Simple.class::isInstance)) {
            return known.contains(Simple.TEXT) ? Simple.TEXT : null;
        }
        if (known.stream().allMatch(Type::isMapping)) {
            return unifyMappings(known);
        }
        return known.stream().allMatch(Type::isSequence) ? unifySequences(known) : null;
    }

    private static boolean isMapping(Type type) {
        return type instanceof MapOf || type instanceof ObjectOf;
    }

    private static boolean isSequence(Type type) {
        return type instanceof ListOf || type instanceof SetOf || type instanceof TupleOf;
    }

    /** Objects with the same names stay objects; with a map among them, or with other names, all become maps. */
    private static @Nullable Type unifyMappings(List<Type> types) {
        SortedMap<String, List<Type>> byName = new TreeMap<>(Value.BY_CODE_POINT);
        List<Type> all = new ArrayList<>();
        boolean maps = false;
        for (Type type : types) {
            if (type instanceof MapOf(Type member)) {
                maps = true;
                all.add(member);
            } else if (type instanceof ObjectOf(var members)) {
                members.forEach((name, member) ->
                        byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(member));
                all.addAll(members.values());
            }
        }
        if (maps || byName.values().stream().anyMatch(members -> members.size() < types.size())) {
            Type member = unify(all);
            return member == null ? null : new MapOf(member);
        }
        SortedMap<String, Type> unified = new TreeMap<>(Value.BY_CODE_POINT);
        for (Map.Entry<String, List<Type>> entry : byName.entrySet()) {
            Type member = unify(entry.getValue());
            if (member == null) {
                return null;
            }
            unified.put(entry.getKey(), member);
        }
        return new ObjectOf(unified);
    }

    /** Tuples of the same length stay tuples; a list makes all lists, without one a set makes all sets. */
    private static @Nullable Type unifySequences(List<Type> types) {
        boolean lists = types.stream().anyMatch(ListOf.class::isInstance);
        boolean sets = types.stream().anyMatch(SetOf.class::isInstance);
        int length = types.getFirst() instanceof TupleOf(var items) ? items.size() : -1;
        if (!lists
                && !sets
                && types.stream().allMatch(type -> type instanceof TupleOf(var items) && items.size() == length)) {
            return unifyTuples(types, length);
        }
        List<Type> all = new ArrayList<>();
        for (Type type : types) {
            switch (type) {
                case ListOf(Type item) -> all.add(item);
                case SetOf(Type item) -> all.add(item);
                case TupleOf(List<Type> items) -> all.addAll(items);
                case Any _, Simple _, MapOf _, ObjectOf _ -> {}
            }
        }
        Type item = unify(all);
        if (item == null) {
            return null;
        }
        return sets && !lists ? new SetOf(item) : new ListOf(item);
    }

    private static @Nullable Type unifyTuples(List<Type> types, int length) {
        List<Type> items = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            List<Type> column = new ArrayList<>();
            for (Type type : types) {
                if (type instanceof TupleOf(var row)) {
                    column.add(row.get(i));
                }
            }
            Type item = unify(column);
            if (item == null) {
                return null;
            }
            items.add(item);
        }
        return new TupleOf(items);
    }

    /** The value as one of this type, or null when it does not convert. */
    default @Nullable Value convert(Value value) {
        if (value instanceof Value.Null || value instanceof Value.Unknown) {
            return value;
        }
        return switch (this) {
            case Any _ -> value;
            case Simple simple ->
                switch (simple) {
                    case TEXT -> toText(value);
                    case NUMBER -> toNumber(value);
                    case BOOL -> toBool(value);
                };
            case ListOf(Type item) -> {
                List<Value> items = convertItems(value, item);
                yield items == null ? null : Value.list(items);
            }
            case SetOf(Type item) -> {
                List<Value> items = convertItems(value, item);
                yield items == null ? null : Value.set(items);
            }
            case MapOf(Type member) -> {
                SortedMap<String, Value> members = convertMembers(value, member);
                yield members == null ? null : Value.map(members);
            }
            case TupleOf(List<Type> types) -> convertTuple(value, types);
            case ObjectOf(SortedMap<String, Type> types) -> convertObject(value, types);
        };
    }

    private static @Nullable List<Value> convertItems(Value value, Type type) {
        if (!(value instanceof Value.Sequence(var _, List<Value> items))) {
            return null;
        }
        List<Value> converted = new ArrayList<>();
        for (Value item : items) {
            Value one = type.convert(item);
            if (one == null) {
                return null;
            }
            converted.add(one);
        }
        return converted;
    }

    private static @Nullable SortedMap<String, Value> convertMembers(Value value, Type type) {
        if (!(value instanceof Value.Mapping(var _, SortedMap<String, Value> members))) {
            return null;
        }
        SortedMap<String, Value> converted = new TreeMap<>(Value.BY_CODE_POINT);
        for (Map.Entry<String, Value> member : members.entrySet()) {
            Value one = type.convert(member.getValue());
            if (one == null) {
                return null;
            }
            converted.put(member.getKey(), one);
        }
        return converted;
    }

    private static @Nullable Value convertTuple(Value value, List<Type> types) {
        if (!(value instanceof Value.Sequence(var _, List<Value> items)) || items.size() != types.size()) {
            return null;
        }
        List<Value> converted = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            Value one = types.get(i).convert(items.get(i));
            if (one == null) {
                return null;
            }
            converted.add(one);
        }
        return Value.tuple(converted);
    }

    private static @Nullable Value convertObject(Value value, SortedMap<String, Type> types) {
        if (!(value instanceof Value.Mapping(var _, SortedMap<String, Value> members))
                || !members.keySet().equals(types.keySet())) {
            return null;
        }
        SortedMap<String, Value> converted = new TreeMap<>(Value.BY_CODE_POINT);
        for (Map.Entry<String, Type> type : types.entrySet()) {
            Value one = type.getValue().convert(members.getOrDefault(type.getKey(), Value.ofNull()));
            if (one == null) {
                return null;
            }
            converted.put(type.getKey(), one);
        }
        return Value.object(converted);
    }

    private static @Nullable Value toText(Value value) {
        return switch (value) {
            case Value.Text text -> text;
            case Value.Decimal(BigDecimal number) -> Value.of(number.toPlainString());
            case Value.Bool(boolean bool) -> Value.of(bool ? "true" : "false");
            case Value.Null _, Value.Unknown _, Value.Sequence _, Value.Mapping _ -> null;
        };
    }

    private static @Nullable Value toNumber(Value value) {
        if (value instanceof Value.Text(String text) && NUMBER.matcher(text).matches()) {
            try {
                return Value.of(new BigDecimal(text));
            } catch (ArithmeticException | NumberFormatException e) {
                return null;
            }
        }
        return value instanceof Value.Decimal ? value : null;
    }

    private static @Nullable Value toBool(Value value) {
        if (value instanceof Value.Text(String text)) {
            return switch (text) {
                case "true", "1" -> Value.of(true);
                case "false", "0" -> Value.of(false);
                default -> null;
            };
        }
        return value instanceof Value.Bool ? value : null;
    }
}
