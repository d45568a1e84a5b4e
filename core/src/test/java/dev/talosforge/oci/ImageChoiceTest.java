package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Indexes as tools of all kinds leave them: entries with their platform, without one, or with half of one. */
class ImageChoiceTest {
    private static final Platform AMD64 = Platform.linux("amd64");
    private static final Platform ARM64 = Platform.linux("arm64");

    private final Map<Sha256, byte[]> documents = new TreeMap<>();
    private final Blobs blobs = descriptor -> {
        byte[] bytes = documents.get(descriptor.digest());
        if (bytes == null) {
            throw new FileNotFoundException(descriptor.digest().toString());
        }
        return ByteSource.of(bytes);
    };

    private Descriptor put(String mediaType, byte[] bytes) {
        Descriptor descriptor = Descriptor.of(mediaType, bytes);
        documents.put(descriptor.digest(), bytes);
        return descriptor;
    }

    /** @param architecture as the configuration has it; it may be empty */
    private Descriptor image(String architecture) {
        String os = architecture.isEmpty() ? "" : "linux";
        byte[] config = ImageConfig.of(new Platform(architecture, os, null), null, List.of())
                .toBytes();
        return put(
                MediaType.OCI_MANIFEST,
                Manifest.of(put(MediaType.OCI_CONFIG, config), List.of()).toBytes());
    }

    private Descriptor artifact() {
        Descriptor config = put("application/vnd.dev.cosign.thing", "{}".getBytes(UTF_8));
        return put(MediaType.OCI_MANIFEST, Manifest.of(config, List.of()).toBytes());
    }

    private Descriptor index(Descriptor... entries) {
        return put(MediaType.OCI_INDEX, Index.of(List.of(entries)).toBytes());
    }

    private Sha256 chosen(Descriptor top, Platform platform) throws IOException {
        Image image = Image.read(top, platform, blobs);
        assertEquals(image.descriptor(), ImageChoice.<RuntimeException>of(top, platform, blobs::document));
        return image.descriptor().digest();
    }

    private String refused(Descriptor top, Platform platform) {
        return String.valueOf(
                assertThrows(FormatException.class, () -> chosen(top, platform)).getMessage());
    }

    @Test
    void anEntryWithoutAPlatformIsAskedThroughItsConfiguration() throws IOException {
        Descriptor amd64 = image("amd64");
        Descriptor arm64 = image("arm64");
        assertEquals(amd64.digest(), chosen(index(arm64, amd64), AMD64));
        assertEquals(arm64.digest(), chosen(index(arm64, amd64), ARM64));
        assertEquals(
                "OCI index at offset 0 (0x0): has no image for linux/riscv64, only for linux/arm64, linux/amd64",
                refused(index(arm64, amd64), Platform.linux("riscv64")));
    }

    @Test
    void whatAnEntrySaysOfItselfCountsFirst() throws IOException {
        Descriptor silent = image("amd64");
        Descriptor message =
                put(MediaType.OCI_MANIFEST, "never read".getBytes(UTF_8)).withPlatform(AMD64);
        assertEquals(message, ImageChoice.<RuntimeException>of(index(silent, message), AMD64, blobs::document));
    }

    @Test
    void anInnerIndexWithoutAPlatformIsLookedInto() throws IOException {
        Descriptor amd64 = image("amd64");
        Descriptor arm64 = image("arm64");
        Descriptor inner = index(amd64.withPlatform(AMD64));
        assertEquals(amd64.digest(), chosen(index(index(arm64), index(inner)), AMD64));
        assertEquals(arm64.digest(), chosen(index(index(inner), index(arm64)), ARM64));
    }

    @Test
    void aConfigurationThatSaysNothingIsTakenForTheUsualOne() throws IOException {
        Descriptor silent = image("");
        assertEquals(silent.digest(), chosen(index(silent), AMD64));
        assertEquals(
                "OCI index at offset 0 (0x0): has no image for linux/arm64, only for linux/amd64",
                refused(index(silent), ARM64));
    }

    @Test
    void halfAPlatformIsNone() throws IOException {
        Descriptor amd64 = image("amd64");
        for (String platform : List.of("{}", "{\"os\":\"linux\"}", "{\"architecture\":\"\",\"os\":\"\"}", "null")) {
            byte[] index = new String(
                            Index.of(List.of(amd64.withPlatform(AMD64))).toBytes(), UTF_8)
                    .replace("{\"architecture\":\"amd64\",\"os\":\"linux\"}", platform)
                    .getBytes(UTF_8);
            assertEquals(amd64.digest(), chosen(put(MediaType.OCI_INDEX, index), AMD64), platform);
        }
    }

    @Test
    void entriesThatAreNotImagesAreLeftOut() throws IOException {
        Descriptor amd64 = image("amd64");
        Descriptor attestation = image("amd64").withAnnotation("vnd.docker.reference.type", "attestation-manifest");
        Descriptor file = put("text/plain", "hello".getBytes(UTF_8));
        assertEquals(amd64.digest(), chosen(index(artifact(), attestation, file, amd64), AMD64));
        assertEquals(
                "OCI index at offset 0 (0x0): has no image for linux/amd64, nor for any other platform",
                refused(index(artifact(), attestation, file), AMD64));
        assertEquals(
                "OCI index at offset 0 (0x0): has no image for linux/amd64, nor for any other platform",
                refused(index(), AMD64));
    }

    @Test
    void indexesInOneAnotherEndSomewhere() {
        Descriptor inner = image("amd64");
        for (int i = 0; i < 5; i++) {
            inner = index(inner);
        }
        assertEquals("OCI index at offset 0 (0x0): more than 4 nested indexes", refused(inner, AMD64));
        List<Descriptor> many = new ArrayList<>();
        Descriptor other = image("arm64");
        for (int i = 0; i < 65; i++) {
            many.add(other.withAnnotation("n", Integer.toString(i)));
        }
        assertEquals(
                "OCI index at offset 0 (0x0): more than 64 entries do not state their platform",
                refused(index(many.toArray(Descriptor[]::new)), AMD64));
    }

    private static @Nullable String refusedManifest(String json) {
        return assertThrows(FormatException.class, () -> Manifest.parse(json.getBytes(UTF_8)))
                .getMessage();
    }

    @Test
    void aDocumentIsOneThing() {
        assertEquals(
                "OCI manifest at offset 0 (0x0): also has the member \"manifests\", which would make it two documents in one",
                refusedManifest("{\"schemaVersion\":2,\"config\":{},\"layers\":[],\"manifests\":[]}"));
        assertEquals(
                "OCI index at offset 0 (0x0): also has the member \"layers\", which would make it two documents in one",
                assertThrows(
                                FormatException.class,
                                () -> Index.parse(
                                        "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}".getBytes(UTF_8)))
                        .getMessage());
    }
}
