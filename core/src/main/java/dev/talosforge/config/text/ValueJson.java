package dev.talosforge.config.text;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Converts values to JSON and back. */
public final class ValueJson {
    private ValueJson() {}

    /** Unknown values become null; lists, sets and tuples become arrays. */
    public static Json toJson(Value value) {
        return switch (value) {
            case Value.Text(String text) -> Json.of(text);
            case Value.Decimal(BigDecimal number) -> new Json.JsonNumber(number);
            case Value.Bool(boolean bool) -> Json.of(bool);
            case Value.Null _, Value.Unknown _ -> Json.ofNull();
            case Value.Sequence(var _, List<Value> items) -> Json.array(items, ValueJson::toJson);
            case Value.Mapping(var _, SortedMap<String, Value> members) -> toJson(members);
        };
    }

    /** Members in the order of the map. */
    public static Json.JsonObject toJson(Map<String, Value> members) {
        Json.Builder object = Json.object();
        members.forEach((name, member) -> object.put(name, toJson(member)));
        return object.build();
    }

    /**
     * Arrays become tuples, and objects become objects. A number that is too long throws an
     * {@link ArithmeticException}.
     */
    public static Value fromJson(Json json) {
        return switch (json) {
            case Json.JsonText(String text) -> Value.of(text);
            case Json.JsonNumber(BigDecimal number) -> Value.of(number);
            case Json.JsonBool(boolean bool) -> Value.of(bool);
            case Json.JsonNull _ -> Value.ofNull();
            case Json.JsonArray(List<Json> items) ->
                Value.tuple(items.stream().map(ValueJson::fromJson).toList());
            case Json.JsonObject(var members) -> {
                SortedMap<String, Value> converted = new TreeMap<>(Value.BY_CODE_POINT);
                members.forEach((name, member) -> converted.put(name, fromJson(member)));
                yield Value.object(converted);
            }
        };
    }
}
