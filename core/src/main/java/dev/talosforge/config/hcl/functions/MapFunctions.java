package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Maps and objects. */
final class MapFunctions {
    private MapFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("keys(inputMap)", MapFunctions::keys),
                Function.of("values(mapping)", MapFunctions::values),
                Function.of("lookup(inputMap, key, default?)", MapFunctions::lookup),
                Function.of("merge(maps*)", MapFunctions::merge),
                Function.of("zipmap(keys, values)", MapFunctions::zip),
                Function.of("transpose(values)", MapFunctions::transpose));
    }

    private static boolean isMap(Arguments arguments) {
        return arguments.value(0) instanceof Value.Mapping(boolean map, var _) && map;
    }

    private static Value keys(Arguments arguments) {
        List<Value> names =
                arguments.members(0).keySet().stream().map(Value::of).toList();
        return isMap(arguments) ? Value.list(names) : Value.tuple(names);
    }

    private static Value values(Arguments arguments) {
        Collection<Value> members = arguments.members(0).values();
        return isMap(arguments) ? Value.list(List.copyOf(members)) : Value.tuple(List.copyOf(members));
    }

    private static Value lookup(Arguments arguments) {
        SortedMap<String, Value> members = arguments.members(0);
        String key = arguments.text(1);
        Value found = members.get(key);
        if (arguments.size() == 3) {
            Value fallback = fallback(arguments);
            return found == null ? fallback : found;
        }
        if (found != null) {
            return found;
        }
        throw new FunctionFailure(
                dev.talosforge.problem.Problem.Kind.INVALID_INPUT,
                1,
                "the map has no \"" + key + "\"",
                NearestName.suggestion(key, members.keySet()));
    }

    /** A map's default has the type of its members. */
    private static Value fallback(Arguments arguments) {
        if (!(Type.of(arguments.value(0)) instanceof Type.MapOf(Type member))) {
            return arguments.value(2);
        }
        Value converted = member.convert(arguments.value(2));
        if (converted == null) {
            throw arguments.failure(2, "the type of the default differs from that of the members of the map");
        }
        return converted;
    }

    /**
     * Later members replace earlier ones of the same name; null counts as empty. A map if all arguments are maps of one
     * type, otherwise an object.
     */
    private static Value merge(Arguments arguments) {
        SortedMap<String, Value> merged = new TreeMap<>(Value.BY_CODE_POINT);
        boolean maps = arguments.size() > 0 && Type.of(arguments.value(0)) instanceof Type.MapOf;
        for (int i = 0; i < arguments.size(); i++) {
            if (!(arguments.value(i) instanceof Value.Null)) {
                merged.putAll(arguments.members(i));
            }
            maps &= Type.of(arguments.value(i)).equals(Type.of(arguments.value(0)));
        }
        return maps ? Value.map(merged) : Value.object(merged);
    }

    private static Value zip(Arguments arguments) {
        List<String> keys = arguments.texts(0);
        List<Value> values = arguments.ordered(1);
        if (keys.size() != values.size()) {
            throw arguments.failure("it has %d keys and %d values".formatted(keys.size(), values.size()));
        }
        SortedMap<String, Value> zipped = new TreeMap<>(Value.BY_CODE_POINT);
        for (int i = 0; i < keys.size(); i++) {
            zipped.put(keys.get(i), values.get(i));
        }
        return arguments.isTuple(1) ? Value.object(zipped) : Value.map(zipped);
    }

    private static Value transpose(Arguments arguments) {
        SortedMap<String, List<String>> turned = new TreeMap<>(Value.BY_CODE_POINT);
        for (Map.Entry<String, Value> member : arguments.members(0).entrySet()) {
            if (!(member.getValue() instanceof Value.Sequence(var _, List<Value> items))) {
                throw arguments.failure(0, "\"%s\" is not a list of texts".formatted(member.getKey()));
            }
            for (Value item : items) {
                if (!(Type.Simple.TEXT.convert(item) instanceof Value.Text(String text))) {
                    throw arguments.failure(0, "\"%s\" is not a list of texts".formatted(member.getKey()));
                }
                turned.computeIfAbsent(text, _ -> new ArrayList<>()).add(member.getKey());
            }
        }
        SortedMap<String, Value> lists = new TreeMap<>(Value.BY_CODE_POINT);
        turned.forEach((name, texts) -> lists.put(name, Value.listOfTexts(texts)));
        return Value.map(lists);
    }
}
