package dev.talosforge.config.hcl.value;

import dev.talosforge.config.hcl.value.Value.Sequence.Kind;
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

    /** What converts to anything: null and values that are not known. */
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
        List<Type> types = new ArrayList<>(values.size());
        for (Value value : values) {
            types.add(of(value));
        }
        return types;
    }

    /** The kind of the type, in the words of a message. */
    default String kindName() {
        return switch (this) {
            case Any _ -> "anything";
            case Simple simple ->
                switch (simple) {
                    case TEXT -> "text";
                    case NUMBER -> "a number";
                    case BOOL -> "a bool";
                };
            case ListOf _ -> "a list";
            case SetOf _ -> "a set";
            case MapOf _ -> "a map";
            case TupleOf _ -> "a tuple";
            case ObjectOf _ -> "an object";
        };
    }

    /** The one type that all convert to, or null if there is none; {@link Any} for no types at all. */
    static @Nullable Type unify(Collection<Type> types) {
        return Unification.of(types);
    }

    /**
     * Whether values of this type convert to the other, unless one of them turns out not to be a number or the like.
     */
    default boolean convertsTo(Type other) {
        if (other instanceof Any || this instanceof Any || equals(other)) {
            return true;
        }
        return switch (this) {
            case Simple simple -> other instanceof Simple && (simple == Simple.TEXT || other == Simple.TEXT);
            case ListOf(Type item) -> itemsConvertTo(List.of(item), other);
            case SetOf(Type item) -> itemsConvertTo(List.of(item), other);
            case TupleOf(List<Type> items) ->
                other instanceof TupleOf(List<Type> others)
                        ? items.size() == others.size() && eachConvertsTo(items, others)
                        : itemsConvertTo(items, other);
            case MapOf(Type member) ->
                switch (other) {
                    case MapOf(Type wanted) -> member.convertsTo(wanted);
                    case ObjectOf(var wanted) -> wanted.values().stream().allMatch(member::convertsTo);
                    default -> false;
                };
            case ObjectOf(var members) ->
                switch (other) {
                    case MapOf(Type wanted) -> members.values().stream().allMatch(member -> member.convertsTo(wanted));
                    case ObjectOf(var wanted) ->
                        members.keySet().containsAll(wanted.keySet())
                                && eachConvertsTo(
                                        wanted.keySet().stream()
                                                .map(name -> members.getOrDefault(name, new Any()))
                                                .toList(),
                                        List.copyOf(wanted.values()));
                    default -> false;
                };
            case Any _ -> true;
        };
    }

    private static boolean itemsConvertTo(List<Type> items, Type collection) {
        return switch (collection) {
            case ListOf(Type wanted) -> items.stream().allMatch(item -> item.convertsTo(wanted));
            case SetOf(Type wanted) -> items.stream().allMatch(item -> item.convertsTo(wanted));
            default -> false;
        };
    }

    private static boolean eachConvertsTo(List<Type> types, List<Type> wanted) {
        for (int i = 0; i < types.size(); i++) {
            if (!types.get(i).convertsTo(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The value as one of this type, or null if it does not convert. */
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
        if (!(value instanceof Value.Sequence(Kind kind, List<Value> items))) {
            return null;
        }
        Type common = type instanceof Any && kind == Kind.TUPLE ? unify(typesOf(items)) : type;
        if (common == null) {
            return null;
        }
        List<Value> converted = new ArrayList<>();
        for (Value item : items) {
            Value one = common.convert(item);
            if (one == null) {
                return null;
            }
            converted.add(one);
        }
        return converted;
    }

    private static @Nullable SortedMap<String, Value> convertMembers(Value value, Type type) {
        if (!(value instanceof Value.Mapping(boolean map, SortedMap<String, Value> members))) {
            return null;
        }
        Type common = type instanceof Any && !map ? unify(typesOf(members.values())) : type;
        if (common == null) {
            return null;
        }
        SortedMap<String, Value> converted = new TreeMap<>(Value.BY_CODE_POINT);
        for (Map.Entry<String, Value> member : members.entrySet()) {
            Value one = common.convert(member.getValue());
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
                || !members.keySet().containsAll(types.keySet())) {
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
