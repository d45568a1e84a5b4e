package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.Value.Sequence.Kind;
import java.util.List;

/** Conversion of values from one type to another. */
final class TypeFunctions {
    private TypeFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("tostring(v)", a -> simple(a, Type.Simple.TEXT, "text")),
                Function.of("tonumber(v)", a -> simple(a, Type.Simple.NUMBER, "a number")),
                Function.of("tobool(v)", a -> simple(a, Type.Simple.BOOL, "true or false")),
                Function.of("tolist(v)", a -> collection(a, Kind.LIST)),
                Function.of("toset(v)", a -> collection(a, Kind.SET)),
                Function.of("tomap(v)", TypeFunctions::map),
                Function.of("sensitive(value)", a -> a.value(0)),
                Function.of("nonsensitive(value)", a -> a.value(0)),
                Function.of("issensitive(value)", _ -> Value.of(false)),
                Function.of("ephemeralasnull(value)", a -> a.value(0)));
    }

    private static Value simple(Arguments arguments, Type type, String name) {
        Value converted = type.convert(arguments.value(0));
        if (converted == null) {
            throw arguments.failure(
                    0,
                    arguments.value(0) instanceof Value.Text(String text)
                            ? "\"%s\" is not %s".formatted(text, name)
                            : "%s cannot be made from %s"
                                    .formatted(name, arguments.value(0).kindName()));
        }
        return converted;
    }

    private static Value collection(Arguments arguments, Kind kind) {
        if (arguments.value(0) instanceof Value.Null nothing) {
            return nothing;
        }
        List<Value> items = arguments.items(0);
        Type item = Type.unify(items.stream().map(Type::of).toList());
        if (item == null) {
            throw arguments.failure(0, "its items have no type in common");
        }
        Type type = kind == Kind.LIST ? new Type.ListOf(item) : new Type.SetOf(item);
        Value converted = type.convert(arguments.value(0));
        if (converted == null) {
            throw arguments.failure(0, "its items have no type in common");
        }
        return converted;
    }

    private static Value map(Arguments arguments) {
        if (arguments.value(0) instanceof Value.Null nothing) {
            return nothing;
        }
        Type member =
                Type.unify(arguments.members(0).values().stream().map(Type::of).toList());
        Value converted = member == null ? null : new Type.MapOf(member).convert(arguments.value(0));
        if (converted == null) {
            throw arguments.failure(0, "its members have no type in common");
        }
        return converted;
    }
}
