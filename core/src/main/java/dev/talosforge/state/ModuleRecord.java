package dev.talosforge.state;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What one of our Terraform modules keeps of its last apply in its state: the value of {@code terraform_data.outputs}, in
 * which {@code record} is JSON in Base64.
 *
 * <pre>
 *   {"mode": "managed", "type": "terraform_data", "name": "outputs",
 *    "instances": [{"attributes": {"output": {"value": {"outputs": {…}, "record": "eyJ…"}, "type": […]}}}]}
 * </pre>
 */
final class ModuleRecord {
    private ModuleRecord() {}

    /** The record of the module that the state belongs to; null if it is of no such module, or was not applied yet. */
    static @Nullable JsonObject in(JsonObject state) {
        for (Json resource : state.items("resources")) {
            if (resource instanceof JsonObject object && isOutputs(object)) {
                for (Json instance : object.items("instances")) {
                    JsonObject record = instance instanceof JsonObject one ? record(one) : null;
                    if (record != null) {
                        return record;
                    }
                }
            }
        }
        return null;
    }

    /** A module that is called by another one is part of something else: its outputs are not the state's. */
    private static boolean isOutputs(JsonObject resource) {
        return "managed".equals(resource.text("mode"))
                && "terraform_data".equals(resource.text("type"))
                && "outputs".equals(resource.text("name"))
                && resource.get("module") == null;
    }

    private static @Nullable JsonObject record(JsonObject instance) {
        JsonObject attributes = instance.object("attributes");
        JsonObject output = attributes == null ? null : attributes.object("output");
        JsonObject value = output == null ? null : output.object("value");
        String record = value == null ? null : value.text("record");
        try {
            return record == null
                    ? null
                    : JsonReader.readObject(
                            "record in the state", Base64.getDecoder().decode(record));
        } catch (IOException | IllegalArgumentException e) {
            return null; // a resource of the same name that is not ours
        }
    }
}
