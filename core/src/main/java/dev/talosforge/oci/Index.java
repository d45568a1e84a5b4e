package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Manifests to choose from, usually one per platform. OCI image specification 1.1, "Image Index"; Docker's manifest
 * list is the same with another media type.
 */
public record Index(String mediaType, List<Descriptor> manifests, SequencedMap<String, String> annotations) {
    private static final String STRUCTURE = "OCI index";
    private static final int MAX_MANIFESTS = 4096;

    /** With these members it would be two documents in one, and each reader would decide which it is. */
    private static final List<String> NOT_OF_AN_INDEX = List.of("config", "layers", "fsLayers", "history");

    private static final String ATTESTATION = "vnd.docker.reference.type";

    public Index {
        if (!MediaType.isIndex(mediaType)) {
            throw new IllegalArgumentException("not the media type of an index: " + mediaType);
        }
        manifests = List.copyOf(manifests);
        annotations = Collections.unmodifiableSequencedMap(new TreeMap<>(annotations));
    }

    public static Index of(List<Descriptor> manifests) {
        return new Index(MediaType.OCI_INDEX, manifests, new TreeMap<>());
    }

    /** Reads either kind. A document without a media type, which the specification allows, counts as OCI's. */
    public static Index parse(byte[] utf8) throws FormatException {
        JsonObject json = document(utf8);
        String mediaType = Members.optionalText(STRUCTURE, json, "mediaType");
        return new Index(
                mediaType == null ? MediaType.OCI_INDEX : mediaType,
                Descriptor.parseAll(Members.items(STRUCTURE, json, "manifests")),
                Members.annotations(STRUCTURE, json));
    }

    /** An index as it was written, checked as a whole, not yet item by item. */
    static JsonObject document(byte[] utf8) throws FormatException {
        JsonObject json = Members.document(STRUCTURE, utf8);
        Long version = json.whole("schemaVersion");
        if (version == null || version != 2) {
            throw new FormatException(STRUCTURE, 0, "unsupported index: schemaVersion is not 2");
        }
        Members.refuse(STRUCTURE, json, NOT_OF_AN_INDEX);
        String mediaType = Members.optionalText(STRUCTURE, json, "mediaType");
        if (mediaType != null && !MediaType.isIndex(mediaType)) {
            throw new FormatException(STRUCTURE, 0, "not an image index: " + mediaType);
        }
        if (Members.items(STRUCTURE, json, "manifests").size() > MAX_MANIFESTS) {
            throw new FormatException(STRUCTURE, 0, "more than %d manifests".formatted(MAX_MANIFESTS));
        }
        return json;
    }

    /** Whether an entry only describes another one, as BuildKit's attestations do. */
    static boolean isAttestation(Descriptor manifest) {
        return "attestation-manifest".equals(manifest.annotations().get(ATTESTATION));
    }

    public JsonObject toJson() {
        Json.Builder json = Json.object()
                .put("schemaVersion", 2)
                .put("mediaType", mediaType)
                .put("manifests", Json.array(manifests, Descriptor::toJson));
        if (!annotations.isEmpty()) {
            json.put("annotations", Json.ofMap(annotations));
        }
        return json.build();
    }

    /** Compact JSON: the same index gives the same bytes. */
    public byte[] toBytes() {
        return toJson().compact().getBytes(UTF_8);
    }
}
