package dev.talosforge.oci;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonNull;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checked access to the members of a document from outside. */
final class Members {
    /** Limit for a manifest, an index or a configuration, in bytes; registries refuse larger ones. */
    static final int MAX_DOCUMENT = 4 << 20;

    private Members() {}

    static JsonObject document(String structure, byte[] utf8) throws FormatException {
        if (utf8.length > MAX_DOCUMENT) {
            throw new FormatException(structure, 0, "%d bytes; the limit is %d".formatted(utf8.length, MAX_DOCUMENT));
        }
        return dev.talosforge.json.JsonReader.readObject(structure, utf8);
    }

    static String text(String structure, JsonObject json, String name) throws FormatException {
        String value = json.text(name);
        if (value == null) {
            throw new FormatException(structure, 0, name + " is missing or not a text");
        }
        return value;
    }

    static JsonObject object(String structure, JsonObject json, String name) throws FormatException {
        JsonObject value = json.object(name);
        if (value == null) {
            throw new FormatException(structure, 0, name + " is missing or not an object");
        }
        return value;
    }

    /** Null if missing or JSON null. */
    static @Nullable String optionalText(String structure, JsonObject json, String name) throws FormatException {
        return switch (json.get(name)) {
            case null -> null;
            case JsonNull() -> null;
            case JsonText(String value) -> value;
            default -> throw new FormatException(structure, 0, name + " is not a text");
        };
    }

    /** Null if missing or JSON null. */
    static @Nullable JsonObject optionalObject(String structure, JsonObject json, String name) throws FormatException {
        return switch (json.get(name)) {
            case null -> null;
            case JsonNull() -> null;
            case JsonObject value -> value;
            default -> throw new FormatException(structure, 0, name + " is not an object");
        };
    }

    /** Refuses a member that would make it a document of another kind. */
    static void refuse(String structure, JsonObject json, List<String> names) throws FormatException {
        for (String name : names) {
            if (json.get(name) != null && !(json.get(name) instanceof JsonNull)) {
                throw new FormatException(
                        structure,
                        0,
                        "also has the member \"%s\", which would make it two documents in one".formatted(name));
            }
        }
    }

    /**
     * A missing array, or null, which Go writes for an empty one, is empty; anything else that is not an array is
     * broken.
     */
    static List<Json> items(String structure, JsonObject json, String name) throws FormatException {
        return switch (json.get(name)) {
            case null -> List.of();
            case JsonNull() -> List.of();
            case JsonArray(List<Json> items) -> items;
            default -> throw new FormatException(structure, 0, name + " is not an array");
        };
    }

    static Sha256 digest(String structure, String text) throws FormatException {
        try {
            return Sha256.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FormatException(structure, 0, "unsupported digest: " + text);
        }
    }

    static long size(String structure, JsonObject json) throws FormatException {
        Long size = json.whole("size");
        if (size == null || size < 0) {
            throw new FormatException(structure, 0, "size is missing or not a number of bytes");
        }
        return size;
    }

    /** Sorted by name: the order of annotations has no meaning. */
    static SequencedMap<String, String> annotations(String structure, JsonObject json) throws FormatException {
        SequencedMap<String, String> annotations = new TreeMap<>();
        JsonObject object = optionalObject(structure, json, "annotations");
        if (object != null) {
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                if (!(member.getValue() instanceof JsonText(String value))) {
                    throw new FormatException(structure, 0, "the annotation is not a text: " + member.getKey());
                }
                annotations.put(member.getKey(), value);
            }
        }
        return annotations;
    }
}
