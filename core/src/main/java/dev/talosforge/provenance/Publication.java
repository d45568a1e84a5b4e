package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Identity;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The record that a unit's artifacts were delivered, kept with its state, so that consumers of older ones can be
 * reported.
 *
 * @param published when something else than before was delivered for the last time, in seconds since 1970; null where
 *     nothing was yet, because it was made without a push
 * @param delivered identity of what was delivered; null like {@code published}
 * @param image digest of the image that the registry was given last; null where that is not known
 * @param outputs identity of all outputs of the last apply, whether it was delivered or not
 */
public record Publication(
        @Nullable Long published,
        @Nullable Sha256 delivered,
        @Nullable Sha256 image,
        Sha256 outputs) {
    /** Outputs with the digest of an image that is pushed to a registry. */
    private static final List<String> IMAGES = List.of("extension_digest", "installer_digest");

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
     * What is recorded after an apply: what it delivered, or, if it did not push, what was published before.
     *
     * @param kept whether it did not push
     * @param now when it ended, in seconds since 1970
     * @param earlier what the last apply recorded
     * @param before outputs of the last apply; empty if there was none
     */
    public static Publication after(
            boolean kept,
            SequencedMap<String, Json> outputs,
            long now,
            @Nullable Publication earlier,
            SequencedMap<String, Json> before) {
        return kept ? kept(outputs, earlier, before) : of(outputs, now, earlier);
    }

    /**
     * What an apply delivered.
     *
     * @param now when it ended, in seconds since 1970
     * @param before what the last apply recorded: if the same was delivered, its time stays
     */
    public static Publication of(SequencedMap<String, Json> outputs, long now, @Nullable Publication before) {
        Identity delivered = Identity.of("delivered", 1);
        for (String name : DELIVERED) {
            Json value = outputs.get(name);
            if (value != null) {
                delivered.with(name, value.compact());
            }
        }
        Sha256 what = delivered.digest();
        Long earlier = before != null && what.equals(before.delivered) ? before.published : null;
        return new Publication(earlier == null ? Long.valueOf(now) : earlier, what, image(outputs), identity(outputs));
    }

    /**
     * The record of an apply that did not push: what was published before stays published.
     *
     * @param earlier outputs of the apply before, which are used if the record does not say what that was
     */
    public static Publication kept(
            SequencedMap<String, Json> outputs, @Nullable Publication before, SequencedMap<String, Json> earlier) {
        Sha256 image = image(asPublished(earlier, before));
        return before == null
                ? new Publication(null, null, image, identity(outputs))
                : new Publication(before.published, before.delivered, image, identity(outputs));
    }

    /** Recorded outputs, with the image published last in place of one that was not. */
    public static SequencedMap<String, Json> asPublished(
            SequencedMap<String, Json> outputs, @Nullable Publication last) {
        if (last == null || (last.image == null && last.published != null)) {
            return outputs; // as an earlier version recorded it, which published what it made
        }
        SequencedMap<String, Json> published = new LinkedHashMap<>(outputs);
        for (String name : IMAGES) {
            if (last.image == null) {
                published.remove(name);
            } else {
                published.replace(name, Json.of(last.image.toString()));
            }
        }
        return published;
    }

    private static @Nullable Sha256 image(SequencedMap<String, Json> outputs) {
        for (String name : IMAGES) {
            if (outputs.get(name) instanceof JsonText(String digest)) {
                return Sha256.tryParse(digest);
            }
        }
        return null;
    }

    /** Whether it is of the apply that gave these outputs. */
    public boolean isOf(SequencedMap<String, Json> recorded) {
        return outputs.equals(identity(recorded));
    }

    /** The identity of outputs, independent of their order. */
    private static Sha256 identity(SequencedMap<String, Json> outputs) {
        Identity identity = Identity.of("outputs", 1);
        new java.util.TreeMap<>(outputs).forEach((name, value) -> identity.with(name, value.compact()));
        return identity.digest();
    }

    JsonObject toJson() {
        Json.Builder json = Json.object();
        if (published != null) {
            json.put("published", published);
        }
        return json.putIfPresent("delivered", delivered == null ? null : delivered.toString())
                .putIfPresent("image", image == null ? null : image.toString())
                .put("outputs", outputs.toString())
                .build();
    }

    /** Null if it was not recorded, or not by this program. */
    public static @Nullable Publication read(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        Long published = json.whole("published");
        Sha256 delivered = Sha256.tryParse(json.text("delivered"));
        Sha256 outputs = Sha256.tryParse(json.text("outputs"));
        return outputs == null || (published == null) != (delivered == null)
                ? null
                : new Publication(published, delivered, Sha256.tryParse(json.text("image")), outputs);
    }
}
