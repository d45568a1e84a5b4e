package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a container of an image starts with, and what its layers unpack to. OCI image specification 1.1, "Image
 * Configuration".
 *
 * @param created RFC 3339, or null; unchanged
 * @param config environment, entry point, labels, …; kept unchanged; null if there is none
 * @param diffIds digests of the uncompressed layers, from the bottom to the top
 * @param history unchanged, from the bottom to the top
 * @param others members unknown to this record, unchanged
 */
public record ImageConfig(
        String architecture,
        String os,
        @Nullable String variant,
        @Nullable String created,
        @Nullable JsonObject config,
        List<Sha256> diffIds,
        List<Json> history,
        JsonObject others) {
    private static final String STRUCTURE = "OCI image configuration";
    private static final List<String> NAMED =
            List.of("architecture", "created", "history", "os", "rootfs", "config", "variant");

    public ImageConfig {
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
    }

    /** A configuration with only a platform, a time and layers. */
    public static ImageConfig of(Platform platform, @Nullable String created, List<Sha256> diffIds) {
        JsonObject none = Json.object().build();
        return new ImageConfig(
                platform.architecture(), platform.os(), platform.variant(), created, null, diffIds, List.of(), none);
    }

    /** A root file system of any type other than {@code layers} is refused, except the empty type of older imagers. */
    public static ImageConfig parse(byte[] utf8) throws FormatException {
        JsonObject json = Members.document(STRUCTURE, utf8);
        JsonObject rootfs = Members.object(STRUCTURE, json, "rootfs");
        String type = rootfs.text("type");
        if (type != null && !type.isEmpty() && !type.equals("layers")) {
            throw new FormatException(STRUCTURE, 0, "unsupported rootfs.type: " + type);
        }
        List<Sha256> diffIds = new ArrayList<>();
        for (Json item : Members.items(STRUCTURE, rootfs, "diff_ids")) {
            if (!(item instanceof JsonText(String digest))) {
                throw new FormatException(STRUCTURE, 0, "rootfs.diff_ids has an item that is not a text");
            }
            diffIds.add(Members.digest(STRUCTURE, digest));
        }
        return new ImageConfig(
                Members.text(STRUCTURE, json, "architecture"),
                Members.text(STRUCTURE, json, "os"),
                Members.optionalText(STRUCTURE, json, "variant"),
                Members.optionalText(STRUCTURE, json, "created"),
                Members.optionalObject(STRUCTURE, json, "config"),
                diffIds,
                Members.items(STRUCTURE, json, "history"),
                others(json));
    }

    private static JsonObject others(JsonObject json) {
        Json.Builder others = Json.object();
        for (Map.Entry<String, Json> member : json.members().entrySet()) {
            if (!NAMED.contains(member.getKey())) {
                others.put(member.getKey(), member.getValue());
            }
        }
        return others.build();
    }

    public Platform platform() {
        return new Platform(architecture, os, variant);
    }

    /** The creation time, or null; anything but an RFC 3339 time is a {@link FormatException}. */
    public @Nullable Instant createdAt() throws FormatException {
        if (created == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(created).toInstant();
        } catch (DateTimeParseException e) {
            throw new FormatException(STRUCTURE, 0, "created is not an RFC 3339 time: " + created);
        }
    }

    /** Members in the order of Go's tools, then the others; {@code rootfs.type} is always {@code layers}. */
    public JsonObject toJson() {
        Json.Builder json = Json.object().put("architecture", architecture).putIfPresent("created", created);
        if (!history.isEmpty()) {
            json.put("history", new Json.JsonArray(history));
        }
        json.put("os", os)
                .put(
                        "rootfs",
                        Json.object()
                                .put("type", "layers")
                                .put("diff_ids", Json.array(diffIds, digest -> Json.of(digest.toString())))
                                .build());
        if (config != null) {
            json.put("config", config);
        }
        json.putIfPresent("variant", variant);
        others.members().forEach(json::put);
        return json.build();
    }

    /** Compact JSON: the same configuration gives the same bytes. */
    public byte[] toBytes() {
        return toJson().compact().getBytes(UTF_8);
    }
}
