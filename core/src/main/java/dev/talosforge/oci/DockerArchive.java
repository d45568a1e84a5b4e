package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.format.tar.TarArchive;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The archive that {@code docker save} writes and {@code docker load} reads: a tar archive with a configuration, layers
 * and a {@code manifest.json}.
 *
 * <p>Written with the names that Talos' imager uses: {@code sha256:HEX} for the configuration, {@code HEX.tar.gz} for
 * layers, {@code manifest.json} last.
 */
public final class DockerArchive implements Blobs {
    private static final String STRUCTURE = "docker archive";
    private static final String MANIFEST = "manifest.json";

    private final List<SavedImage> images;
    private final SequencedMap<Sha256, ByteSource> blobs;

    private DockerArchive(List<SavedImage> images, SequencedMap<Sha256, ByteSource> blobs) {
        this.images = images;
        this.blobs = blobs;
    }

    /**
     * An image of an archive.
     *
     * @param tags references that {@code docker load} assigns to it; may be empty
     */
    public record SavedImage(Image image, List<String> tags) {
        public SavedImage {
            tags = List.copyOf(tags);
        }
    }

    /** The archive of one image, as a view of the blobs. */
    public static ByteSource source(Image image, List<ImageReference> tags, Blobs blobs) throws IOException {
        SequencedMap<String, ByteSource> layers = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (Descriptor layer : image.manifest().layers()) {
            String name = layer.digest().hex() + ".tar.gz";
            names.add(name);
            layers.put(name, blobs.get(layer));
        }
        String config = image.manifest().config().digest().toString();
        Attributes attributes = Attributes.root(0644, 0);
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry.RegularFile(
                config,
                attributes,
                ByteSource.of(blobs.document(image.manifest().config()))));
        layers.forEach((name, content) -> entries.add(new Entry.RegularFile(name, attributes, content)));
        Json manifest = new JsonArray(List.of(Json.object()
                .put("Config", config)
                .put(
                        "RepoTags",
                        Json.ofTexts(tags.stream().map(DockerArchive::tag).toList()))
                .put("Layers", Json.ofTexts(names))
                .build()));
        entries.add(new Entry.RegularFile(
                MANIFEST, attributes, ByteSource.of(manifest.compact().getBytes(UTF_8))));
        return TarArchive.source(entries);
    }

    private static String tag(ImageReference reference) {
        if (reference.tag() == null) {
            throw new IllegalArgumentException("a docker archive needs a tag: " + reference);
        }
        return reference.name() + ":" + reference.tag();
    }

    /**
     * Reads an archive that is not itself compressed. Layers are digested here, once; their contents are not examined.
     */
    public static DockerArchive read(ByteSource archive) throws IOException {
        ArchiveMembers files = ArchiveMembers.read(STRUCTURE, archive);
        SequencedMap<Sha256, ByteSource> blobs = new TreeMap<>();
        List<SavedImage> images = new ArrayList<>();
        Json manifest = JsonReader.read(MANIFEST, files.get(MANIFEST).readAll(MANIFEST, Members.MAX_DOCUMENT));
        if (!(manifest instanceof JsonArray(List<Json> items))) {
            throw new FormatException(MANIFEST, 0, "is not an array");
        }
        for (Json item : items) {
            if (!(item instanceof JsonObject object)) {
                throw new FormatException(MANIFEST, 0, "has an item that is not an object");
            }
            images.add(image(object, files, blobs));
        }
        return new DockerArchive(List.copyOf(images), blobs);
    }

    private static SavedImage image(JsonObject json, ArchiveMembers files, SequencedMap<Sha256, ByteSource> blobs)
            throws IOException {
        byte[] configBytes =
                files.get(Members.text(MANIFEST, json, "Config")).readAll("image config", Members.MAX_DOCUMENT);
        ImageConfig config = ImageConfig.parse(configBytes);
        List<Descriptor> layers = new ArrayList<>();
        for (String name : Json.texts(Members.items(MANIFEST, json, "Layers"))) {
            ByteSource content = files.get(name);
            Sha256 digest = Sha256.of(content);
            layers.add(new Descriptor(layerType(content), digest, content.size()));
            blobs.put(digest, content);
        }
        if (layers.size() != config.diffIds().size()) {
            throw new FormatException(
                    MANIFEST,
                    0,
                    "%d layers; the configuration has %d"
                            .formatted(layers.size(), config.diffIds().size()));
        }
        Descriptor configDescriptor = Descriptor.of(MediaType.OCI_CONFIG, configBytes);
        blobs.put(configDescriptor.digest(), ByteSource.of(configBytes));
        Image image = Image.of(Manifest.of(configDescriptor, layers), config);
        blobs.put(image.descriptor().digest(), ByteSource.of(image.manifest().toBytes()));
        return new SavedImage(image, Json.texts(Members.items(MANIFEST, json, "RepoTags")));
    }

    private static String layerType(ByteSource content) throws IOException {
        return switch (Compression.of(content)) {
            case NONE -> MediaType.OCI_LAYER;
            case GZIP -> MediaType.OCI_LAYER_GZIP;
            case ZSTD -> MediaType.OCI_LAYER_ZSTD;
            case XZ -> throw new FormatException(STRUCTURE, 0, "unsupported layer: OCI has no media type for xz");
        };
    }

    /** The images, in the order of {@code manifest.json}. Their manifests are created here, in OCI form. */
    public List<SavedImage> images() {
        return images;
    }

    /** Every image under each of its full names. */
    Index index() throws FormatException {
        List<Descriptor> entries = new ArrayList<>();
        for (SavedImage saved : images) {
            Descriptor plain = saved.image()
                    .descriptor()
                    .withPlatform(saved.image().config().platform());
            if (saved.tags().isEmpty()) {
                entries.add(plain);
            }
            for (String tag : saved.tags()) {
                try {
                    entries.add(plain.withAnnotation(
                            Descriptor.REF_NAME, ImageReference.parse(tag).toString()));
                } catch (IllegalArgumentException e) {
                    throw new FormatException(MANIFEST, 0, "RepoTags has an item that is " + e.getMessage());
                }
            }
        }
        return Index.of(entries);
    }

    @Override
    public ByteSource get(Descriptor descriptor) throws IOException {
        ByteSource blob = blobs.get(descriptor.digest());
        if (blob == null) {
            throw new IOException("the docker archive has no blob " + descriptor.digest());
        }
        return blob;
    }
}
