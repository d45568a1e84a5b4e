package dev.talosforge.oci;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names a blob by its content. OCI image specification 1.1, "Content Descriptors".
 *
 * @param size in bytes
 * @param platform in an index: what the manifest runs on
 * @param annotations by name
 */
public record Descriptor(
        String mediaType,
        Sha256 digest,
        long size,
        @Nullable Platform platform,
        @Nullable String artifactType,
        SequencedMap<String, String> annotations) {
    /** The annotation that names an image in a layout's index. */
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final String STRUCTURE = "OCI descriptor";

    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("a blob's size is not negative: " + size);
        }
        annotations = Collections.unmodifiableSequencedMap(new TreeMap<>(annotations));
    }

    /** A descriptor with the required members only. */
    public Descriptor(String mediaType, Sha256 digest, long size) {
        this(mediaType, digest, size, null, null, new TreeMap<>());
    }

    /** The descriptor of these bytes. */
    public static Descriptor of(String mediaType, byte[] content) {
        return new Descriptor(mediaType, Sha256.of(content), content.length);
    }

    static Descriptor parse(Json json) throws FormatException {
        if (!(json instanceof JsonObject object)) {
            throw new FormatException(STRUCTURE, 0, "is not an object");
        }
        return new Descriptor(
                Members.text(STRUCTURE, object, "mediaType"),
                Members.digest(STRUCTURE, Members.text(STRUCTURE, object, "digest")),
                Members.size(STRUCTURE, object),
                Platform.parse(Members.optionalObject(STRUCTURE, object, "platform")),
                Members.optionalText(STRUCTURE, object, "artifactType"),
                Members.annotations(STRUCTURE, object));
    }

    static List<Descriptor> parseAll(List<Json> items) throws FormatException {
        java.util.ArrayList<Descriptor> all = new java.util.ArrayList<>(items.size());
        for (Json item : items) {
            all.add(parse(item));
        }
        return List.copyOf(all);
    }

    /** The same blob, declared for the platform {@code changed}. */
    public Descriptor withPlatform(@Nullable Platform changed) {
        return new Descriptor(mediaType, digest, size, changed, artifactType, annotations);
    }

    /** The same blob with one more annotation. */
    public Descriptor withAnnotation(String name, String value) {
        SequencedMap<String, String> more = new TreeMap<>(annotations);
        more.put(name, value);
        return new Descriptor(mediaType, digest, size, platform, artifactType, more);
    }

    /** Members in the specification's order. */
    public JsonObject toJson() {
        Json.Builder json = Json.object()
                .put("mediaType", mediaType)
                .put("digest", digest.toString())
                .put("size", size);
        if (!annotations.isEmpty()) {
            json.put("annotations", Json.ofMap(annotations));
        }
        if (platform != null) {
            json.put("platform", platform.toJson());
        }
        return json.putIfPresent("artifactType", artifactType).build();
    }
}
