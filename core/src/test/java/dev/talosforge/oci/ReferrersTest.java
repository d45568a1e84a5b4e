package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The index of what describes a manifest, which clients of every kind write in turn. */
class ReferrersTest {
    private static final Descriptor IMAGE = new Descriptor(MediaType.OCI_INDEX, Sha256.of(new byte[1]), 7)
            .withPlatform(Platform.linux("amd64"))
            .withAnnotation("of", "an index");
    private static final Manifest ABOUT =
            Manifest.about(IMAGE, "application/vnd.acme.x", new TreeMap<>(Map.of("a", "b")));

    @Test
    void anArtifactWithoutContentHasEmptyBlobsAndABareSubject() {
        assertEquals("""
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.acme.x",\
                "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},\
                "layers":[{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}],\
                "subject":{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"sha256:6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d","size":7},\
                "annotations":{"a":"b"}}""", new String(ABOUT.toBytes(), UTF_8));
    }

    @Test
    void anEntryHasTypeAndAnnotationsOfItsManifest() {
        Descriptor entry = ABOUT.entry();
        assertEquals("application/vnd.acme.x", entry.artifactType());
        assertEquals(Map.of("a", "b"), entry.annotations());
        assertEquals(ABOUT.descriptor().digest(), entry.digest());
        assertEquals(
                MediaType.OCI_CONFIG,
                Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, new byte[2]), List.of())
                        .kind());
    }

    @Test
    void whatOthersWroteStaysWhenOneIsAdded() throws Exception {
        String others = """
                {"schemaVersion":2,"manifests":[{"mediaType":"m","digest":"sha512:00","size":1,"data":"e30=","urls":["u"]},{"odd":1}],\
                "annotations":{"x":"y"},"later":[1.50]}""";
        Referrers before = Referrers.parse(others.getBytes(UTF_8));
        assertEquals(List.of(), before.descriptors());
        Referrers after = before.with(ABOUT.entry());
        assertTrue(after.contains(ABOUT.entry().digest()));
        assertFalse(before.contains(ABOUT.entry().digest()));
        assertEquals(
                others.replace(
                        "{\"odd\":1}]", "{\"odd\":1}," + ABOUT.entry().toJson().compact() + "]"),
                new String(after.toBytes(), UTF_8));
        assertEquals(List.of(ABOUT.entry()), after.with(ABOUT.entry()).descriptors(), "each once");
    }

    @Test
    void anythingButAnIndexIsRefused() {
        for (String document : List.of(
                "{\"schemaVersion\":2}",
                "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}",
                "{\"schemaVersion\":1,\"manifests\":[]}",
                new String(ABOUT.toBytes(), UTF_8),
                new String(new Index(MediaType.DOCKER_LIST, List.of(), new TreeMap<>()).toBytes(), UTF_8))) {
            assertThrows(FormatException.class, () -> Referrers.parse(document.getBytes(UTF_8)), document);
        }
    }
}
