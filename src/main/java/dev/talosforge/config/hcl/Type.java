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
import org.jspecify.annotations.Nullable;

/** The type of a value, as far as conversion needs it. */
public sealed interface Type {
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
        Type unified = new Any();
        for (Type type : types) {
            Type both = unify(unified, type);
            if (both == null) {
                return null;
            }
            unified = both;
        }
        return unified;
    }

    private static @Nullable Type unify(Type a, Type b) {
        if (a.equals(b) || b instanceof Any) {
            return a;
        }
        if (a instanceof Any) {
            return b;
        }
        if (a instanceof Simple && b instanceof Simple) {
            return a == Simple.TEXT || b == Simple.TEXT ? Simple.TEXT : null;
        }
        if (a instanceof ObjectOf(var x)
                && b instanceof ObjectOf(var y)
                && x.keySet().equals(y.keySet())) {
            return unifyMembers(x, y);
        }
        if (a instanceof TupleOf(var x) && b instanceof TupleOf(var y) && x.size() == y.size()) {
            List<Type> items = new ArrayList<>();
            for (int i = 0; i < x.size(); i++) {
                Type item = unify(x.get(i), y.get(i));
                if (item == null) {
                    return null;
                }
                items.add(item);
            }
            return new TupleOf(items);
        }
        return unifyCollections(a, b);
    }

    private static @Nullable Type unifyMembers(SortedMap<String, Type> x, SortedMap<String, Type> y) {
        SortedMap<String, Type> members = new TreeMap<>(Value.BY_CODE_POINT);
        for (Map.Entry<String, Type> member : x.entrySet()) {
            Type both = unify(member.getValue(), y.getOrDefault(member.getKey(), new Any()));
            if (both == null) {
                return null;
            }
            members.put(member.getKey(), both);
        }
        return new ObjectOf(members);
    }

    private static @Nullable Type unifyCollections(Type a, Type b) {
        Type x = itemType(a);
        Type y = itemType(b);
        boolean maps = isMapping(a);
        if (x == null || y == null || maps != isMapping(b)) {
            return null;
        }
        Type item = unify(x, y);
        if (item == null) {
            return null;
        }
        return maps ? new MapOf(item) : a instanceof SetOf && b instanceof SetOf ? new SetOf(item) : new ListOf(item);
    }

    private static boolean isMapping(Type type) {
        return type instanceof MapOf || type instanceof ObjectOf;
    }

    private static @Nullable Type itemType(Type type) {
        return switch (type) {
            case ListOf(Type item) -> item;
            case SetOf(Type item) -> item;
            case MapOf(Type member) -> member;
            case TupleOf(List<Type> items) -> unify(items);
            case ObjectOf(SortedMap<String, Type> members) -> unify(members.values());
            case Any _, Simple _ -> null;
        };
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
        if (value instanceof Value.Text(String text) && text.length() <= 1000) {
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
