package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.JsonReader;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageChoice;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Fetches manifests from one server. */
final class ManifestFetch {
    /** Attempts for a document whose bytes arrive wrong. */
    private static final int MAX_TRANSFERS = 2;

    private static final String ACCEPT = String.join(
            ", ",
            List.of(MediaType.OCI_INDEX, MediaType.OCI_MANIFEST, MediaType.DOCKER_LIST, MediaType.DOCKER_MANIFEST));

    private final Wire wire;
    private final Line line;
    private final ImageReference reference;
    private final String what;

    ManifestFetch(Wire wire, Line line, ImageReference reference, String what) {
        this.wire = wire;
        this.line = line;
        this.reference = reference;
        this.what = what;
    }

    /** Bytes that stay within this class. */
    private static final class Document {
        private final Descriptor descriptor;
        private final byte[] bytes;

        private Document(Descriptor descriptor, byte[] bytes) {
            this.descriptor = descriptor;
            this.bytes = bytes;
        }
    }

    /** The digest of a tag, or null if there is no such tag or repository. */
    @Nullable
    Sha256 digest(String selector) throws IOException, InterruptedException {
        HttpAnswer answer = wire.ask(line, HttpCall.head(uri(selector)).with("Accept", ACCEPT));
        if (answer.status() == 404) {
            return null;
        }
        String header = answer.header("Docker-Content-Digest");
        if (answer.succeeded() && header != null && header.startsWith("sha256:") && !RegistryErrors.isWebPage(answer)) {
            return digestOf(header);
        }
        // no digest in the headers, a server without HEAD, or a refusal with its reason only in the body
        HttpAnswer full = wire.ask(line, HttpCall.get(uri(selector)).with("Accept", ACCEPT));
        if (full.status() == 404) {
            return null;
        }
        if (!full.succeeded()) {
            throw wire.refused(what, reference, line, full);
        }
        if (RegistryErrors.isWebPage(full)) {
            throw RegistryErrors.webPage(what, full);
        }
        return Sha256.of(full.body());
    }

    /** Whether the server has the manifest, byte for byte. */
    boolean has(Descriptor manifest) throws IOException, InterruptedException {
        HttpAnswer answer =
                wire.ask(line, HttpCall.get(uri(manifest.digest().toString())).with("Accept", ACCEPT));
        return answer.succeeded() && Sha256.of(answer.body()).equals(manifest.digest());
    }

    /** Fails if a manifest that was put does not come back byte for byte. */
    void confirm(Descriptor manifest) throws IOException, InterruptedException {
        HttpAnswer answer =
                wire.ask(line, HttpCall.get(uri(manifest.digest().toString())).with("Accept", ACCEPT));
        if (!answer.succeeded()) {
            throw wire.refused(what, reference, line, answer);
        }
        Sha256 found = Sha256.of(answer.body());
        if (!found.equals(manifest.digest())) {
            throw RegistryErrors.notKept(
                    what,
                    answer,
                    RegistryErrors.isWebPage(answer) ? "a web page" : "other bytes, %s,".formatted(found));
        }
    }

    Resolved resolve(Platform platform) throws IOException, InterruptedException {
        Document top = manifest(reference.selector(), reference.digest());
        SequencedMap<Sha256, Document> seen = new LinkedHashMap<>();
        seen.put(top.descriptor.digest(), top);
        Descriptor selected =
                ImageChoice.<InterruptedException>of(top.descriptor, platform, wanted -> get(wanted, seen).bytes);
        Document document = get(selected, seen);
        Manifest manifest = Manifest.parse(document.bytes);
        if (!MediaType.isConfig(manifest.config().mediaType())) {
            throw new FormatException(
                    "OCI manifest",
                    0,
                    "is not a container image but an artifact of type "
                            + (manifest.artifactType() == null
                                    ? manifest.config().mediaType()
                                    : manifest.artifactType()));
        }
        return new Resolved(
                reference.withDigest(top.descriptor.digest()),
                top.descriptor,
                ByteSource.of(top.bytes),
                document.descriptor.withPlatform(selected.platform()),
                ByteSource.of(document.bytes),
                manifest,
                seen.values().stream().map(one -> ByteSource.of(one.bytes)).toList());
    }

    /** Registries keep manifests and configurations separately. */
    private Document get(Descriptor wanted, SequencedMap<Sha256, Document> seen)
            throws IOException, InterruptedException {
        Document document = seen.get(wanted.digest());
        if (document == null) {
            boolean manifest = MediaType.isManifest(wanted.mediaType()) || MediaType.isIndex(wanted.mediaType());
            try {
                document = manifest ? manifest(wanted.digest().toString(), wanted.digest()) : blob(wanted);
            } catch (BuildException e) {
                throw RegistryErrors.isMissing(e) ? RegistryErrors.gone(e) : e;
            }
            seen.put(wanted.digest(), document);
        }
        if (document.descriptor.size() != wanted.size()) {
            throw new FormatException(
                    "OCI index",
                    0,
                    "says that %s has %d bytes, but it has %d"
                            .formatted(wanted.digest(), wanted.size(), document.descriptor.size()));
        }
        return document;
    }

    private Document blob(Descriptor wanted) throws IOException, InterruptedException {
        HttpAnswer answer = right(
                HttpCall.get(line.endpoint().uri(reference.repository(), "blobs/" + wanted.digest())), wanted.digest());
        return new Document(new Descriptor(wanted.mediaType(), wanted.digest(), answer.body().length), answer.body());
    }

    /** The document under a tag or digest; null if there is none. */
    byte @Nullable [] find(String selector) throws IOException, InterruptedException {
        try {
            return manifest(selector, null).bytes;
        } catch (BuildException e) {
            if (RegistryErrors.isMissing(e)) {
                return null;
            }
            throw e;
        }
    }

    private Document manifest(String selector, @Nullable Sha256 expected) throws IOException, InterruptedException {
        HttpAnswer answer = right(HttpCall.get(uri(selector)).with("Accept", ACCEPT), expected);
        byte[] bytes = answer.body();
        return new Document(new Descriptor(mediaType(answer, bytes), Sha256.of(bytes), bytes.length), bytes);
    }

    /** An answer whose bytes match the digest. Wrong bytes are requested again: links corrupt data, too. */
    private HttpAnswer right(HttpCall call, @Nullable Sha256 expected) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            HttpAnswer answer = wire.ask(line, call);
            if (!answer.succeeded()) {
                throw wire.refused(what, reference, line, answer);
            }
            if (RegistryErrors.isWebPage(answer)) {
                throw RegistryErrors.webPage(what, answer);
            }
            String header = answer.header("Docker-Content-Digest");
            Sha256 declared = header != null && header.startsWith("sha256:") ? digestOf(header) : null;
            Sha256 wanted = expected == null ? declared : expected;
            Sha256 found = Sha256.of(answer.body());
            if (wanted == null || wanted.equals(found)) {
                return answer;
            }
            if (attempt == MAX_TRANSFERS) {
                throw new FormatException(
                        "OCI manifest", 0, "the content of %s has the digest %s".formatted(wanted, found));
            }
        }
    }

    /** The document's own media type takes precedence over the server's. */
    private static String mediaType(HttpAnswer answer, byte[] bytes) throws FormatException {
        var json = JsonReader.readObject("OCI manifest", bytes);
        Long version = json.whole("schemaVersion");
        if (version != null && version == 1) {
            throw new FormatException("OCI manifest", 0, "unsupported manifest: Docker's schema 1");
        }
        String own = json.text("mediaType");
        if (own != null) {
            return own;
        }
        if (json.get("manifests") != null) {
            return MediaType.OCI_INDEX;
        }
        String header = answer.header("Content-Type");
        String declared = header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return MediaType.isManifest(declared) ? declared : MediaType.OCI_MANIFEST;
    }

    private static Sha256 digestOf(String header) throws FormatException {
        try {
            return Sha256.parse(header.strip());
        } catch (IllegalArgumentException e) {
            throw new FormatException("Docker-Content-Digest", 0, String.valueOf(e.getMessage()));
        }
    }

    private URI uri(String selector) {
        return line.endpoint().uri(reference.repository(), "manifests/" + selector);
    }
}
