package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Pushes an image or an index to one server: blobs, then manifests, the tagged one last. Each manifest is read back.
 */
final class ImagePush {
    private static final int MAX_DEPTH = 4;

    private final Wire wire;
    private final Line line;
    private final ImageReference reference;
    private final String what;

    ImagePush(Wire wire, Line line, ImageReference reference, String what) {
        this.wire = wire;
        this.line = line;
        this.reference = reference;
        this.what = what;
    }

    /** @param named whether the tag already names the top: then nothing that exists is put again */
    void content(Descriptor top, boolean named, Blobs from, List<String> mountFrom)
            throws IOException, InterruptedException {
        SequencedMap<Sha256, Descriptor> blobs = new LinkedHashMap<>();
        SequencedMap<Sha256, Descriptor> manifests = new LinkedHashMap<>();
        collect(top, from, blobs, manifests, 0);
        BlobPush push = new BlobPush(wire, line, reference, what);
        List<Parallel.Task> tasks = new ArrayList<>();
        for (Descriptor blob : blobs.values()) {
            ByteSource content = from.get(blob);
            if (content.size() != blob.size()) {
                throw new FormatException(
                        "OCI blob",
                        0,
                        "%s has %d bytes; its descriptor says %d"
                                .formatted(blob.digest(), content.size(), blob.size()));
            }
            tasks.add(() -> push.push(blob, content, mountFrom));
        }
        Parallel.untilFirstFailure(tasks);
        manifests.remove(top.digest());
        for (Descriptor manifest : manifests.values()) {
            put(manifest, manifest.digest().toString(), named, from);
        }
    }

    /**
     * Puts the top, last and once.
     *
     * @param tag null to publish by digest only
     */
    void top(Descriptor top, @Nullable String tag, boolean named, Blobs from) throws IOException, InterruptedException {
        put(top, tag == null || named ? top.digest().toString() : tag, named, from);
    }

    /** Puts a manifest and reads it back. */
    private void put(Descriptor manifest, String selector, boolean named, Blobs from)
            throws IOException, InterruptedException {
        ManifestFetch fetch = new ManifestFetch(wire, line, reference, what);
        if (!named || !fetch.has(manifest)) {
            put(manifest, selector, from);
            fetch.confirm(manifest);
        }
    }

    /**
     * Puts a manifest that describes another one, and reads it back.
     *
     * @return whether the server states that it lists it there. Distribution specification 1.1, "Pushing Manifests with
     *     Subject"
     */
    boolean describing(Sha256 subject, Descriptor manifest, Blobs from) throws IOException, InterruptedException {
        HttpAnswer answer = put(manifest, manifest.digest().toString(), from);
        new ManifestFetch(wire, line, reference, what).confirm(manifest);
        return subject.toString().equals(answer.header("OCI-Subject"));
    }

    /** Adds another tag to what is there. */
    void tag(Descriptor top, String tag, Blobs from) throws IOException, InterruptedException {
        put(top, tag, from);
    }

    /** Everything an index names is pushed before it: registries refuse a manifest with missing parts. */
    private static void collect(
            Descriptor top,
            Blobs from,
            SequencedMap<Sha256, Descriptor> blobs,
            SequencedMap<Sha256, Descriptor> manifests,
            int depth)
            throws IOException {
        if (depth > MAX_DEPTH) {
            throw new FormatException("OCI index", 0, "more than %d nested indexes".formatted(MAX_DEPTH));
        }
        byte[] bytes = from.document(top);
        if (MediaType.isIndex(top.mediaType())) {
            for (Descriptor child : Index.parse(bytes).manifests()) {
                collect(child, from, blobs, manifests, depth + 1);
            }
        } else {
            Manifest manifest = Manifest.parse(bytes);
            manifest.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
            blobs.putIfAbsent(manifest.config().digest(), manifest.config());
        }
        manifests.putIfAbsent(top.digest(), top);
    }

    /** Tries once more if the bytes that arrived differ from those sent. */
    private HttpAnswer put(Descriptor manifest, String selector, Blobs from) throws IOException, InterruptedException {
        HttpCall call = HttpCall.of("PUT", line.endpoint().uri(reference.repository(), "manifests/" + selector))
                .withBody(manifest.mediaType(), ByteSource.of(from.document(manifest)));
        HttpAnswer answer = wire.ask(line, call);
        if (RegistryErrors.spoiltOnTheWay(answer) || stored(answer, manifest) != null) {
            answer = wire.ask(line, call);
        }
        if (!answer.succeeded()) {
            throw wire.refused(what, reference, line, answer);
        }
        String other = stored(answer, manifest);
        if (other != null) {
            throw new FormatException(
                    "OCI manifest", 0, "the registry stored %s as %s".formatted(manifest.digest(), other));
        }
        return answer;
    }

    /** The digest under which a server stored the manifest, if it is not the manifest's own. */
    private static @Nullable String stored(HttpAnswer answer, Descriptor manifest) {
        String stored = answer.succeeded() ? answer.header("Docker-Content-Digest") : null;
        return stored == null || stored.strip().equals(manifest.digest().toString()) ? null : stored.strip();
    }
}
