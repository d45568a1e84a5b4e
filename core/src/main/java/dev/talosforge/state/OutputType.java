package dev.talosforge.state;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonBool;
import dev.talosforge.json.Json.JsonNull;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import java.util.List;

/**
 * The type that Terraform writes beside an output's value: {@code "string"}, {@code ["tuple",["string"]]},
 * {@code ["object",{"a":"string"}]}. Lists and objects get the types of literals in the language, so they convert to
 * whatever a variable needs: a list, a set, a map.
 */
final class OutputType {
    private OutputType() {}

    static Json of(Json value) {
        return switch (value) {
            case JsonText ignored -> Json.of("string");
            case JsonNumber ignored -> Json.of("number");
            case JsonBool ignored -> Json.of("bool");
            case JsonNull ignored -> Json.of("dynamic");
            case JsonArray(var items) ->
                new JsonArray(List.of(
                        Json.of("tuple"),
                        new JsonArray(items.stream().map(OutputType::of).toList())));
            case JsonObject(var members) -> {
                Json.Builder types = Json.object();
                members.forEach((name, member) -> types.put(name, of(member)));
                yield new JsonArray(List.of(Json.of("object"), types.build()));
            }
        };
    }

    /** Whether two values are equal, however their numbers are written. */
    static boolean same(Json one, Json other) {
        return switch (one) {
            case JsonNumber(var number) -> other instanceof JsonNumber(var too) && number.compareTo(too) == 0;
            case JsonArray(var items) -> other instanceof JsonArray(var too) && same(items, too);
            case JsonObject(var members) ->
                other instanceof JsonObject(var too)
                        && members.keySet().equals(too.keySet())
                        && members.entrySet().stream().allMatch(member -> {
                            Json counterpart = too.get(member.getKey());
                            return counterpart != null && same(member.getValue(), counterpart);
                        });
            case JsonText ignored -> one.equals(other);
            case JsonBool ignored -> one.equals(other);
            case JsonNull ignored -> one.equals(other);
        };
    }

    private static boolean same(List<Json> items, List<Json> others) {
        if (items.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < items.size(); i++) {
            if (!same(items.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }
}
