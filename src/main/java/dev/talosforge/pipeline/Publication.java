package dev.talosforge.pipeline;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Identity;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * That a unit's artifacts were delivered, recorded with its state: whoever used older ones can be told.
 *
 * @param published when something else than before was delivered for the last time, in seconds since 1970
 * @param delivered identity of what was delivered
 * @param outputs identity of all outputs
 */
record Publication(long published, Sha256 delivered, Sha256 outputs) {
    /** Outputs that say what is where: by digest, or by the name of a volume. */
    private static final List<String> DELIVERED = List.of(
            "extension_digest",
            "extension_image",
            "installer_digest",
            "installer_image",
            "iso_sha256",
            "iso_sha256s",
            "talos_image_file_ids",
            "talos_image_id");

    /**
     * What an apply delivered.
     *
     * @param now when it ended, in seconds since 1970
     * @param before what the last apply recorded: where the same was delivered, its time stands
     */
    static Publication of(SequencedMap<String, Json> outputs, long now, @Nullable Publication before) {
        Identity delivered = Identity.of("delivered", 1);
        for (String name : DELIVERED) {
            Json value = outputs.get(name);
            if (value != null) {
                delivered.with(name, value.compact());
            }
        }
        Sha256 what = delivered.digest();
        long published = before != null && before.delivered.equals(what) ? before.published : now;
        return new Publication(published, what, identity(outputs));
    }

    /** The identity of outputs, whatever their order. */
    static Sha256 identity(SequencedMap<String, Json> outputs) {
        Identity identity = Identity.of("outputs", 1);
        new java.util.TreeMap<>(outputs).forEach((name, value) -> identity.with(name, value.compact()));
        return identity.digest();
    }

    JsonObject toJson() {
        return Json.object()
                .put("published", published)
                .put("delivered", delivered.toString())
                .put("outputs", outputs.toString())
                .build();
    }

    /** Null where it was not recorded, or not as this program does. */
    static @Nullable Publication read(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        Long published = json.whole("published");
        Sha256 delivered = digest(json.text("delivered"));
        Sha256 outputs = digest(json.text("outputs"));
        return published == null || delivered == null || outputs == null
                ? null
                : new Publication(published, delivered, outputs);
    }

    private static @Nullable Sha256 digest(@Nullable String text) {
        return text != null && text.matches("sha256:[0-9a-f]{64}")
                ? new Sha256(text.substring("sha256:".length()))
                : null;
    }
}
