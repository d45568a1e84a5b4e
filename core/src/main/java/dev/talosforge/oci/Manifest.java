package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One image or artifact: a configuration and layers. OCI image specification 1.1, "Image Manifest"; Docker's schema 2
 * is the same with other media types.
 *
 * <p>The digest of a manifest that was read belongs to the bytes it was read from: {@link #toBytes} gives our form.
 *
 * @param layers from the bottom to the top
 * @param subject the manifest that this one describes
 */
public record Manifest(
        String mediaType,
        @Nullable String artifactType,
        Descriptor config,
        List<Descriptor> layers,
        @Nullable Descriptor subject,
        SequencedMap<String, String> annotations) {
    /** The blob of a manifest that needs none. OCI image specification 1.1, "Guidance for an Empty Descriptor". */
    public static final Descriptor EMPTY = Descriptor.of(MediaType.OCI_EMPTY, emptyBlob());

    private static final String STRUCTURE = "OCI manifest";
    private static final int MAX_LAYERS = 4096;

    /** With these members it would be two documents in one, and each reader would decide which it is. */
    private static final List<String> NOT_OF_A_MANIFEST = List.of("manifests", "fsLayers", "history");

    public Manifest {
        if (!MediaType.isManifest(mediaType)) {
            throw new IllegalArgumentException("not the media type of a manifest: " + mediaType);
        }
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableSequencedMap(new TreeMap<>(annotations));
    }

    /** The content of {@link #EMPTY}. */
    public static byte[] emptyBlob() {
        return "{}".getBytes(UTF_8);
    }

    /** An OCI image. */
    public static Manifest of(Descriptor config, List<Descriptor> layers) {
        return new Manifest(MediaType.OCI_MANIFEST, null, config, layers, null, new TreeMap<>());
    }

    /** An artifact that says something about another manifest, in annotations alone. */
    public static Manifest about(Descriptor subject, String artifactType, SequencedMap<String, String> annotations) {
        return new Manifest(
                MediaType.OCI_MANIFEST,
                artifactType,
                EMPTY,
                List.of(EMPTY),
                new Descriptor(subject.mediaType(), subject.digest(), subject.size()),
                annotations);
    }

    /** Reads either kind. A document without a media type, which the specification allows, counts as OCI's. */
    public static Manifest parse(byte[] utf8) throws FormatException {
        JsonObject json = Members.document(STRUCTURE, utf8);
        Long version = json.whole("schemaVersion");
        if (version == null || version != 2) {
            throw new FormatException(STRUCTURE, 0, "unsupported manifest: schemaVersion is not 2");
        }
        Members.refuse(STRUCTURE, json, NOT_OF_A_MANIFEST);
        String mediaType = Members.optionalText(STRUCTURE, json, "mediaType");
        if (mediaType != null && !MediaType.isManifest(mediaType)) {
            throw new FormatException(STRUCTURE, 0, "not an image manifest: " + mediaType);
        }
        List<Json> layers = Members.items(STRUCTURE, json, "layers");
        if (layers.size() > MAX_LAYERS) {
            throw new FormatException(STRUCTURE, 0, "more than %d layers".formatted(MAX_LAYERS));
        }
        JsonObject subject = Members.optionalObject(STRUCTURE, json, "subject");
        return new Manifest(
                mediaType == null ? MediaType.OCI_MANIFEST : mediaType,
                Members.optionalText(STRUCTURE, json, "artifactType"),
                Descriptor.parse(Members.object(STRUCTURE, json, "config")),
                Descriptor.parseAll(layers),
                subject == null ? null : Descriptor.parse(subject),
                Members.annotations(STRUCTURE, json));
    }

    /** What it is among those that describe a manifest: the type of the artifact, otherwise of its configuration. */
    public String kind() {
        return artifactType == null ? config.mediaType() : artifactType;
    }

    /** How a list of the manifests that describe another one names this one. */
    public Descriptor entry() {
        Descriptor own = descriptor();
        return new Descriptor(own.mediaType(), own.digest(), own.size(), null, kind(), annotations);
    }

    /** Members in the specification's order. */
    public JsonObject toJson() {
        Json.Builder json = Json.object()
                .put("schemaVersion", 2)
                .put("mediaType", mediaType)
                .putIfPresent("artifactType", artifactType)
                .put("config", config.toJson())
                .put("layers", Json.array(layers, Descriptor::toJson));
        if (subject != null) {
            json.put("subject", subject.toJson());
        }
        if (!annotations.isEmpty()) {
            json.put("annotations", Json.ofMap(annotations));
        }
        return json.build();
    }

    /** Compact JSON: the same manifest gives the same bytes, and so the same digest. */
    public byte[] toBytes() {
        return toJson().compact().getBytes(UTF_8);
    }

    /** The descriptor of {@link #toBytes}. */
    public Descriptor descriptor() {
        return Descriptor.of(mediaType, toBytes());
    }
}
