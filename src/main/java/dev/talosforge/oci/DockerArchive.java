package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.tar.TarArchive;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarMember;
import dev.talosforge.format.tar.TarReader;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} writes and {@code docker load} reads: a tar archive with a configuration, layers and a
 * {@code manifest.json}.
 *
 * <p>Written with the names that Talos' imager uses: {@code sha256:HEX} for the configuration, {@code HEX.tar.gz} for
 * layers, {@code manifest.json} last.
 */
public final class DockerArchive implements Blobs {
    private static final String STRUCTURE = "docker archive";
    private static final String MANIFEST = "manifest.json";
    private static final int MAX_MEMBERS = 100_000;
    private static final int MAX_LINKS = 8;

    private final List<SavedImage> images;
    private final SequencedMap<Sha256, ByteSource> blobs;

    private DockerArchive(List<SavedImage> images, SequencedMap<Sha256, ByteSource> blobs) {
        this.images = images;
        this.blobs = blobs;
    }

    /**
     * An image of an archive.
     *
     * @param tags references that {@code docker load} gives to it; may be empty
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
            throw new IllegalArgumentException("a docker archive wants a tag: " + reference);
        }
        return reference.name() + ":" + reference.tag();
    }

    /**
     * Reads an archive that is not itself compressed. Layers are digested here, once; what they hold is not looked at.
     */
    public static DockerArchive read(ByteSource archive) throws IOException {
        if (archive.size() >= Compression.START
                && Compression.of(archive.read(STRUCTURE, 0, Compression.START)) != Compression.NONE) {
            throw new FormatException(STRUCTURE, 0, "unsupported archive: it is compressed as a whole");
        }
        Files files = Files.read(archive);
        SequencedMap<Sha256, ByteSource> blobs = new TreeMap<>();
        List<SavedImage> images = new ArrayList<>();
        Json manifest = JsonReader.read(MANIFEST, files.get(MANIFEST).readAll(MANIFEST, Members.MAX_DOCUMENT));
        if (!(manifest instanceof JsonArray(List<Json> items))) {
            throw new FormatException(MANIFEST, 0, "is not an array");
        }
        for (Json item : items) {
            if (!(item instanceof JsonObject object)) {
                throw new FormatException(MANIFEST, 0, "holds something else than objects");
            }
            images.add(image(object, files, blobs));
        }
        return new DockerArchive(List.copyOf(images), blobs);
    }

    private static SavedImage image(JsonObject json, Files files, SequencedMap<Sha256, ByteSource> blobs)
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
                    "%d layers, the configuration has %d"
                            .formatted(layers.size(), config.diffIds().size()));
        }
        Descriptor configDescriptor = Descriptor.of(MediaType.OCI_CONFIG, configBytes);
        blobs.put(configDescriptor.digest(), ByteSource.of(configBytes));
        Image image = Image.of(Manifest.of(configDescriptor, layers), config);
        blobs.put(image.descriptor().digest(), ByteSource.of(image.manifest().toBytes()));
        return new SavedImage(image, Json.texts(Members.items(MANIFEST, json, "RepoTags")));
    }

    private static String layerType(ByteSource content) throws IOException {
        int start = (int) Math.min(Compression.START, content.size());
        return switch (Compression.of(content.read(STRUCTURE, 0, start))) {
            case NONE -> MediaType.OCI_LAYER;
            case GZIP -> MediaType.OCI_LAYER_GZIP;
            case ZSTD -> MediaType.OCI_LAYER_ZSTD;
            case XZ -> throw new FormatException(STRUCTURE, 0, "unsupported layer: OCI knows none that xz compressed");
        };
    }

    /** In the order of {@code manifest.json}. Their manifests are made here, in OCI's form. */
    public List<SavedImage> images() {
        return images;
    }

    @Override
    public ByteSource get(Descriptor descriptor) throws IOException {
        ByteSource blob = blobs.get(descriptor.digest());
        if (blob == null) {
            throw new IOException("the docker archive has no blob " + descriptor.digest());
        }
        return blob;
    }

    /** Members by path; older archives have a layer once and links to it. */
    private record Files(Map<String, ByteSource> contents, Map<String, String> links) {
        static Files read(ByteSource archive) throws IOException {
            Files files = new Files(new TreeMap<>(), new TreeMap<>());
            try (InputStream in = new BufferedInputStream(archive.open(), 1 << 16)) {
                TarReader reader = new TarReader(in, new TarLimits(MAX_MEMBERS, archive.size()));
                for (TarMember member = reader.next(); member != null; member = reader.next()) {
                    files.add(member, archive);
                }
            }
            return files;
        }

        private void add(TarMember member, ByteSource archive) {
            switch (member.kind()) {
                case FILE -> contents.put(member.path(), archive.slice(member.contentOffset(), member.size()));
                case HARD_LINK -> links.put(member.path(), member.link());
                case SYMLINK -> links.put(member.path(), resolved(member.path(), member.link()));
                case CHAR_DEVICE, BLOCK_DEVICE, DIRECTORY, FIFO -> {
                    // nothing that manifest.json could name
                }
            }
        }

        private static String resolved(String path, String target) {
            List<String> steps = new ArrayList<>(List.of(path.split("/", -1)));
            steps.removeLast();
            for (String step : target.split("/", -1)) {
                if (step.equals("..") && !steps.isEmpty()) {
                    steps.removeLast();
                } else if (!step.isEmpty() && !step.equals(".") && !step.equals("..")) {
                    steps.add(step);
                }
            }
            return String.join("/", steps);
        }

        ByteSource get(String name) throws FormatException {
            @Nullable String path = name;
            for (int i = 0; i < MAX_LINKS && path != null; i++) {
                ByteSource content = contents.get(path);
                if (content != null) {
                    return content;
                }
                path = links.get(path);
            }
            throw new FormatException(STRUCTURE, 0, "has no file " + name);
        }
    }
}
