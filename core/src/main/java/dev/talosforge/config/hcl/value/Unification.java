package dev.talosforge.config.hcl.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one type that values of several types convert to: for the results of a condition, and for the items of a
 * list. It follows the rules of HashiCorp's own implementation, except for null, which gets any type here.
 */
final class Unification {
    private Unification() {}

    /** The type, or null if there is none; {@link Type.Any} for no types at all. */
    static @Nullable Type of(Collection<Type> given) {
        List<Type> types = given.stream()
                .filter(type -> !(type instanceof Type.Any))
                .distinct()
                .toList();
        if (types.isEmpty()) {
            return new Type.Any();
        }
        if (types.size() == 1) {
            return types.getFirst();
        }
        if (types.size() < given.size() && given.stream().anyMatch(Type.Any.class::isInstance)) {
            return ofSomeAndAny(types);
        }
        Type made = made(types);
        boolean mixed = any(types, Type.ObjectOf.class) && any(types, Type.TupleOf.class);
        return made != null || mixed || alike(types) ? made : preferred(types);
    }

    /**
     * If a null is among them, no collection is built, so that nothing is converted although one of them would have to
     * be: they remain unchanged, each with its own type.
     */
    private static @Nullable Type ofSomeAndAny(List<Type> types) {
        if (any(types, Type.ObjectOf.class) && any(types, Type.TupleOf.class)) {
            return null;
        }
        Type preferred = alike(types) ? null : preferred(types);
        return preferred == null ? new Type.Any() : preferred;
    }

    private static boolean alike(List<Type> types) {
        return all(types, Type.ObjectOf.class)
                || all(types, Type.TupleOf.class)
                || all(types, Type.ListOf.class)
                || all(types, Type.SetOf.class)
                || all(types, Type.MapOf.class);
    }

    /** A type that need not be one of the given ones. */
    private static @Nullable Type made(List<Type> types) {
        boolean maps = any(types, Type.MapOf.class);
        if (maps && all(types, Type.MapOf.class, Type.ObjectOf.class)) {
            Type member = of(itemTypes(types));
            return member == null ? null : new Type.MapOf(member);
        }
        if (any(types, Type.ListOf.class) && all(types, Type.ListOf.class, Type.TupleOf.class)) {
            Type item = of(itemTypes(types));
            return item == null ? null : new Type.ListOf(item);
        }
        if (all(types, Type.SetOf.class)) {
            Type item = of(itemTypes(types));
            return item == null ? null : new Type.SetOf(item);
        }
        if (all(types, Type.ObjectOf.class)) {
            return objects(types);
        }
        return all(types, Type.TupleOf.class) ? tuples(types) : null;
    }

    /** Objects with the same names remain objects, others become a map. */
    private static @Nullable Type objects(List<Type> types) {
        List<SortedMap<String, Type>> objects = new ArrayList<>();
        types.forEach(type -> objects.add(((Type.ObjectOf) type).members()));
        SortedMap<String, Type> first = objects.getFirst();
        if (!objects.stream().allMatch(object -> object.keySet().equals(first.keySet()))) {
            Type member = of(itemTypes(types));
            return member == null ? null : new Type.MapOf(member);
        }
        SortedMap<String, Type> members = new TreeMap<>(Value.BY_CODE_POINT);
        for (String name : first.keySet()) {
            Type member = of(objects.stream()
                    .map(object -> Objects.requireNonNull(object.get(name)))
                    .toList());
            if (member == null) {
                return null;
            }
            members.put(name, member);
        }
        return new Type.ObjectOf(members);
    }

    /** Tuples of the same length remain tuples, others become a list. */
    private static @Nullable Type tuples(List<Type> types) {
        List<List<Type>> tuples = new ArrayList<>();
        types.forEach(type -> tuples.add(((Type.TupleOf) type).items()));
        int length = tuples.getFirst().size();
        if (!tuples.stream().allMatch(tuple -> tuple.size() == length)) {
            Type item = of(itemTypes(types));
            return item == null ? null : new Type.ListOf(item);
        }
        List<Type> items = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            int position = i;
            Type item = of(tuples.stream().map(tuple -> tuple.get(position)).toList());
            if (item == null) {
                return null;
            }
            items.add(item);
        }
        return new Type.TupleOf(items);
    }

    private static List<Type> itemTypes(List<Type> types) {
        List<Type> items = new ArrayList<>();
        for (Type type : types) {
            switch (type) {
                case Type.ListOf(Type item) -> items.add(item);
                case Type.SetOf(Type item) -> items.add(item);
                case Type.MapOf(Type member) -> items.add(member);
                case Type.TupleOf(List<Type> all) -> items.addAll(all);
                case Type.ObjectOf(SortedMap<String, Type> all) -> items.addAll(all.values());
                case Type.Any _, Type.Simple _ -> {}
            }
        }
        return items;
    }

    /** One of the given types that all others convert to, though maybe not every value of theirs does. */
    private static @Nullable Type preferred(List<Type> types) {
        List<Type> candidates = new ArrayList<>(types);
        candidates.sort(Comparator.comparingInt(Unification::rank));
        for (Type candidate : candidates) {
            if (types.stream().allMatch(type -> type.convertsTo(candidate))) {
                return candidate;
            }
        }
        return null;
    }

    /** Text before the other simple types, lists before tuples and both before sets, maps before objects. */
    private static int rank(Type type) {
        return switch (type) {
            case Type.Simple simple -> simple == Type.Simple.TEXT ? 0 : 1;
            case Type.ListOf _, Type.MapOf _ -> 0;
            case Type.TupleOf _, Type.ObjectOf _ -> 1;
            case Type.SetOf _ -> 2;
            case Type.Any _ -> 3;
        };
    }

    private static boolean any(List<Type> types, Class<?> kind) {
        return types.stream().anyMatch(kind::isInstance);
    }

    private static boolean all(List<Type> types, Class<?>... kinds) {
        return types.stream().allMatch(type -> {
            for (Class<?> kind : kinds) {
                if (kind.isInstance(type)) {
                    return true;
                }
            }
            return false;
        });
    }
}
