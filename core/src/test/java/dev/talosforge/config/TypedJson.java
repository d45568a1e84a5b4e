package dev.talosforge.config;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** A value as JSON that carries its types, as the oracle prints them. */
final class TypedJson {
    private TypedJson() {}

    static Json of(Value value) {
        return switch (value) {
            case Value.Text(String text) -> Json.of(text);
            case Value.Decimal(BigDecimal number) ->
                Json.object().put("number", Json.of(number.toPlainString())).build();
            case Value.Bool(boolean bool) -> Json.of(bool);
            case Value.Null _ -> Json.ofNull();
            case Value.Unknown _ -> Json.object().put("unknown", Json.of(true)).build();
            case Value.Sequence(var kind, List<Value> items) ->
                Json.object()
                        .put(kind.name().toLowerCase(Locale.ROOT), Json.array(items, TypedJson::of))
                        .build();
            case Value.Mapping(boolean map, SortedMap<String, Value> members) -> {
                Json.Builder object = Json.object();
                members.forEach((name, member) -> object.put(name, of(member)));
                yield Json.object().put(map ? "map" : "object", object.build()).build();
            }
        };
    }
}
