package dev.talosforge.support;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A JSON document with one value changed, taken away, doubled, or with a member more, as chance has it. */
public final class JsonMutation {
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "\"\"",
            "\"x\"",
            "[]",
            "{}",
            "[null]",
            "[{}]",
            "{\"a\":1}",
            "0",
            "-1",
            "1.5",
            "1e30",
            "9223372036854775807",
            "\"sha256:\"",
            "\"sha512:00\"",
            "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"",
            "\"../../etc/passwd\"",
            "\"\\u0000\"",
            "\"application/vnd.oci.image.index.v1+json\"",
            "\"application/vnd.oci.image.manifest.v1+json\"",
            "\"application/vnd.oci.image.config.v1+json\"",
            "\"application/vnd.oci.image.layer.v1.tar+zstd\"",
            "\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\"");
    private static final List<String> NAMES = List.of(
            "manifests",
            "layers",
            "config",
            "annotations",
            "platform",
            "subject",
            "artifactType",
            "mediaType",
            "data",
            "urls",
            "schemaVersion",
            "rootfs",
            "history",
            "variant",
            "os",
            "created",
            "fsLayers");

    private final Random random;
    private int left;

    private JsonMutation(Random random, int left) {
        this.random = random;
        this.left = left;
    }

    /** The document, changed at one place. */
    public static byte[] of(byte[] document, Random random) throws IOException {
        Json json = JsonReader.read("sample", document);
        Json changed = new JsonMutation(random, random.nextInt(places(json))).change(json);
        return (changed == null ? "null" : changed.compact()).getBytes(StandardCharsets.UTF_8);
    }

    private static int places(Json json) {
        return 1
                + switch (json) {
                    case JsonObject object ->
                        object.members().values().stream()
                                .mapToInt(JsonMutation::places)
                                .sum();
                    case JsonArray array ->
                        array.items().stream().mapToInt(JsonMutation::places).sum();
                    default -> 0;
                };
    }

    /** Null where the value goes away. */
    private @org.jspecify.annotations.Nullable Json change(Json json) throws IOException {
        if (left-- == 0) {
            return changed(json);
        }
        return switch (json) {
            case JsonObject(var members) -> {
                Map<String, Json> all = new LinkedHashMap<>();
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    Json value = change(member.getValue());
                    if (value != null) {
                        all.put(member.getKey(), value);
                    }
                }
                yield new JsonObject(new LinkedHashMap<>(all));
            }
            case JsonArray(var items) -> {
                List<Json> all = new ArrayList<>();
                for (Json item : items) {
                    Json value = change(item);
                    if (value != null) {
                        all.add(value);
                    }
                }
                yield new JsonArray(all);
            }
            default -> json;
        };
    }

    private @org.jspecify.annotations.Nullable Json changed(Json json) throws IOException {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> more(json);
            default -> value();
        };
    }

    private Json value() throws IOException {
        String text = VALUES.get(random.nextInt(VALUES.size()));
        return JsonReader.read("value", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A bit more of the same. */
    private Json more(Json json) throws IOException {
        return switch (json) {
            case JsonObject object -> object.with(NAMES.get(random.nextInt(NAMES.size())), value());
            case JsonArray(var items) -> {
                List<Json> all = new ArrayList<>(items);
                all.add(items.isEmpty() ? value() : items.get(random.nextInt(items.size())));
                yield new JsonArray(all);
            }
            case JsonText(String text) -> Json.of(text + "0");
            case JsonNumber(var number) -> new JsonNumber(number.add(java.math.BigDecimal.ONE));
            default -> value();
        };
    }
}
