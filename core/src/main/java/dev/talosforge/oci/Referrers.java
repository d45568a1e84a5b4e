package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of the manifests that describe another one: what a registry answers, and what clients keep under a tag
 * where it cannot. Others write it, too: everything in it stays as it was written. Distribution specification 1.1,
 * "Referrers Tag Schema".
 */
public record Referrers(JsonObject json) {
    private static final String STRUCTURE = "OCI index of referrers";
    private static final String MANIFESTS = "manifests";

    /** Of nothing. */
    public static Referrers none() {
        return new Referrers(Index.of(List.of()).toJson());
    }

    /** Fails for anything but an index: under the tag of referrers, nothing else is expected. */
    public static Referrers parse(byte[] utf8) throws FormatException {
        JsonObject json = Index.document(utf8);
        String mediaType = Members.optionalText(STRUCTURE, json, "mediaType");
        if (mediaType == null && json.get(MANIFESTS) == null) {
            throw new FormatException(STRUCTURE, 0, "is not an index");
        }
        if (mediaType != null && !mediaType.equals(MediaType.OCI_INDEX)) {
            throw new FormatException(STRUCTURE, 0, "not an OCI index: " + mediaType);
        }
        return new Referrers(json);
    }

    /** Each once, in their order; those with digests of other algorithms cannot be ours and are left out. */
    public List<Descriptor> descriptors() {
        SequencedMap<Sha256, Descriptor> all = new LinkedHashMap<>();
        for (Json item : json.items(MANIFESTS)) {
            Descriptor descriptor = readable(item);
            if (descriptor != null) {
                all.putIfAbsent(descriptor.digest(), descriptor);
            }
        }
        return List.copyOf(all.values());
    }

    private static @Nullable Descriptor readable(Json item) {
        try {
            return Descriptor.parse(item);
        } catch (FormatException e) {
            return null;
        }
    }

    /** Whether a manifest is in it. */
    public boolean contains(Sha256 manifest) {
        return descriptors().stream().anyMatch(one -> one.digest().equals(manifest));
    }

    /** The same with one more at the end. */
    public Referrers with(Descriptor manifest) {
        List<Json> items = new ArrayList<>(json.items(MANIFESTS));
        items.add(manifest.toJson());
        return new Referrers(json.with(MANIFESTS, new JsonArray(items)));
    }

    public byte[] toBytes() {
        return json.compact().getBytes(UTF_8);
    }
}
