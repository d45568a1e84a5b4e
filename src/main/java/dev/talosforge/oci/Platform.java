package dev.talosforge.oci;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest of an index runs on.
 *
 * @param architecture as Go names it: {@code amd64}, {@code arm64}
 * @param os as Go names it: {@code linux}
 * @param variant of the CPU, such as {@code v8}
 */
public record Platform(
        String architecture, String os, @Nullable String variant) {
    /** Linux on an architecture, whatever its variant. */
    public static Platform linux(String architecture) {
        return new Platform(architecture, "linux", null);
    }

    static @Nullable Platform parse(@Nullable JsonObject json) throws FormatException {
        return json == null
                ? null
                : new Platform(
                        Members.text("OCI platform", json, "architecture"),
                        Members.text("OCI platform", json, "os"),
                        json.text("variant"));
    }

    /** Same system and architecture, and the variant too when this one names it. */
    boolean accepts(Platform offered) {
        return os.equals(offered.os)
                && architecture.equals(offered.architecture)
                && (variant == null || variant.equals(offered.variant));
    }

    JsonObject toJson() {
        return Json.object()
                .put("architecture", architecture)
                .put("os", os)
                .putIfPresent("variant", variant)
                .build();
    }

    /** The usual form, {@code linux/amd64}. */
    @Override
    public String toString() {
        return os + "/" + architecture + (variant == null ? "" : "/" + variant);
    }
}
