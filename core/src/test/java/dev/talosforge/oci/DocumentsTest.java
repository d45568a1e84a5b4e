package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static final String HEX = "0123456789abcdef".repeat(4);

    private static @Nullable Descriptor chosen(Index index, String architecture) throws IOException {
        return ImageChoice.<RuntimeException>in(
                index,
                Platform.linux(architecture),
                _ -> Manifest.of(Descriptor.of("application/vnd.acme.thing", new byte[0]), List.of())
                        .toBytes());
    }

    @Test
    void manifestReadsBackAsItWasWritten() throws Exception {
        String text = """
                {"schemaVersion":2,"mediaType":"%s","artifactType":"application/x",\
                "config":{"mediaType":"%s","digest":"sha256:%s","size":7},\
                "layers":[{"mediaType":"%s","digest":"sha256:%s","size":8,"annotations":{"a":"b"}}],\
                "subject":{"mediaType":"%s","digest":"sha256:%s","size":9},"annotations":{"c":"d"}}""".formatted(
                        MediaType.OCI_MANIFEST,
                        MediaType.OCI_CONFIG,
                        HEX,
                        MediaType.OCI_LAYER_GZIP,
                        HEX,
                        MediaType.OCI_MANIFEST,
                        HEX);
        Manifest manifest = Manifest.parse(text.getBytes(UTF_8));
        assertEquals(text, new String(manifest.toBytes(), UTF_8));
        assertEquals(Sha256.of(text.getBytes(UTF_8)), manifest.descriptor().digest());
    }

    @Test
    void indexChoosesThePlatformAndNoAttestation() throws Exception {
        String entry =
                "{\"mediaType\":\"" + MediaType.OCI_MANIFEST + "\",\"digest\":\"sha256:" + HEX + "\",\"size\":%d%s}";
        String text = "{\"schemaVersion\":2,\"manifests\":["
                + entry.formatted(1, "")
                + ","
                + entry.formatted(
                        2,
                        ",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},"
                                + "\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}")
                + ","
                + entry.formatted(3, ",\"platform\":{\"architecture\":\"unknown\",\"os\":\"unknown\"}")
                + ","
                + entry.formatted(4, ",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\",\"variant\":\"v8\"}")
                + ","
                + entry.formatted(5, ",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}")
                + "]}";
        Index index = Index.parse(text.getBytes(UTF_8));
        Descriptor amd64 = chosen(index, "amd64");
        Descriptor arm64 = chosen(index, "arm64");
        assertNotNull(amd64);
        assertNotNull(arm64);
        assertEquals(5, amd64.size());
        assertEquals(4, arm64.size());
        assertNull(chosen(index, "riscv64"));
        assertEquals(index.manifests(), Index.parse(index.toBytes()).manifests(), "our form of it says the same");
    }

    @Test
    void configurationKeepsWhatItDoesNotKnow() throws Exception {
        String text = "{\"architecture\":\"amd64\",\"created\":\"2024-01-02T03:04:05.678Z\",\"history\":[{\"x\":1}],"
                + "\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + HEX + "\"]},"
                + "\"config\":{\"Zeta\":[1.50,null],\"Env\":[\"A=b\"]},\"author\":\"nobody\",\"os.version\":\"9\"}";
        ImageConfig config = ImageConfig.parse(text.getBytes(UTF_8));
        assertEquals(text, new String(config.toBytes(), UTF_8));
        assertEquals(Instant.parse("2024-01-02T03:04:05.678Z"), config.createdAt());
    }

    @Test
    void olderImagersLeftTheTypeEmptyAndWeDoNot() throws Exception {
        String text = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"\",\"diff_ids\":null}}";
        assertEquals(
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}",
                new String(ImageConfig.parse(text.getBytes(UTF_8)).toBytes(), UTF_8));
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused("OCI manifest at offset 0 (0x0): unsupported manifest: schemaVersion is not 2", "{}");
        assertRefused(
                "OCI manifest at offset 0 (0x0): not an image manifest: " + MediaType.OCI_INDEX,
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX + "\"}");
        assertRefused("OCI manifest at offset 0 (0x0): config is missing or not an object", "{\"schemaVersion\":2}");
        assertRefused(
                "OCI descriptor at offset 0 (0x0): unsupported digest: sha512:00",
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x\",\"digest\":\"sha512:00\",\"size\":1}}");
        assertRefused(
                "OCI descriptor at offset 0 (0x0): size is missing or not a number of bytes",
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x\",\"digest\":\"sha256:" + HEX + "\",\"size\":-1}}");
    }

    @Test
    void brokenDocumentsAreFormatExceptions() {
        byte[] manifest = Manifest.of(
                        Descriptor.of(MediaType.OCI_CONFIG, new byte[1]),
                        List.of(Descriptor.of(MediaType.OCI_LAYER, new byte[2])))
                .toBytes();
        for (int cut = 0; cut < manifest.length; cut++) {
            byte[] part = java.util.Arrays.copyOf(manifest, cut);
            assertThrows(FormatException.class, () -> Manifest.parse(part));
        }
        Random random = new Random(4);
        for (int i = 0; i < 2000; i++) {
            byte[] flipped = manifest.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertArrayEquals(
                        Manifest.parse(flipped).toBytes(),
                        Manifest.parse(flipped).toBytes());
            } catch (FormatException expected) {
                // the only thing that may come out
            }
        }
    }

    private static void assertRefused(String message, String manifest) {
        assertEquals(
                message,
                assertThrows(FormatException.class, () -> Manifest.parse(manifest.getBytes(StandardCharsets.UTF_8)))
                        .getMessage());
    }
}
