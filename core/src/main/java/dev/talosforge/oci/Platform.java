package dev.talosforge.oci;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The platform that a manifest of an index runs on.
 *
 * @param architecture as Go names it: {@code amd64}, {@code arm64}
 * @param os as Go names it: {@code linux}
 * @param variant of the CPU, such as {@code v8}
 */
public record Platform(
        String architecture, String os, @Nullable String variant) {
    private static final String STRUCTURE = "OCI platform";

    /** Linux on an architecture, whatever its variant. */
    public static Platform linux(String architecture) {
        return new Platform(architecture, "linux", null);
    }

    /** Null if missing, or without system or architecture. */
    static @Nullable Platform parse(@Nullable JsonObject json) throws FormatException {
        if (json == null) {
            return null;
        }
        String architecture = Members.optionalText(STRUCTURE, json, "architecture");
        String os = Members.optionalText(STRUCTURE, json, "os");
        return architecture == null || architecture.isEmpty() || os == null || os.isEmpty()
                ? null
                : new Platform(architecture, os, Members.optionalText(STRUCTURE, json, "variant"));
    }

    /** Whether a configuration left it out, as imagers do that know only their own platform. */
    boolean isEmpty() {
        return architecture.isEmpty() && os.isEmpty();
    }

    /** Whether system and architecture are the same, and the variant, too, if this one names it. */
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
