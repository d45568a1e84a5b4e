package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciLayoutTest {
    private static final Platform AMD64 = Platform.linux("amd64");

    @Test
    void copiesEverythingAnImageNeeds(@TempDir Path dir) throws Exception {
        Image image = OciConformanceTest.write(dir.resolve("one"), "v1");
        OciLayout from = OciLayout.open(dir.resolve("one"));
        OciLayout to = OciLayout.create(dir.resolve("two"));
        to.copy(image.descriptor(), from);
        to.add(image.descriptor().withPlatform(AMD64));
        assertEquals(image.manifest(), to.image(AMD64).manifest());
        assertEquals(image.config(), to.image(AMD64).config());
        for (Descriptor layer : image.manifest().layers()) {
            assertEquals(layer.size(), to.get(layer).size());
        }
        assertEquals(
                "index.json at offset 0 (0x0): has no image for linux/arm64",
                assertThrows(FormatException.class, () -> to.image(Platform.linux("arm64")))
                        .getMessage());
    }

    @Test
    void aNameMovesToTheNewImage(@TempDir Path dir) throws Exception {
        OciLayout layout = OciLayout.create(dir.resolve("l"));
        Descriptor one = layout.put(MediaType.OCI_MANIFEST, "1".getBytes(UTF_8));
        Descriptor two = layout.put(MediaType.OCI_MANIFEST, "2".getBytes(UTF_8));
        layout.add(one.withAnnotation(Descriptor.REF_NAME, "v1"));
        layout.add(one.withAnnotation(Descriptor.REF_NAME, "v2"));
        layout.add(two.withAnnotation(Descriptor.REF_NAME, "v1"));
        assertEquals(
                List.of(one.withAnnotation(Descriptor.REF_NAME, "v2"), two.withAnnotation(Descriptor.REF_NAME, "v1")),
                OciLayout.open(dir.resolve("l")).index().manifests());
    }

    @Test
    void aWrongBlobNeverAppears(@TempDir Path dir) throws Exception {
        OciLayout layout = OciLayout.create(dir.resolve("l"));
        Descriptor descriptor = Descriptor.of(MediaType.OCI_LAYER, "right".getBytes(UTF_8));
        FormatException failure = assertThrows(
                FormatException.class, () -> layout.put(descriptor, ByteSource.of("wrong".getBytes(UTF_8))));
        assertEquals(
                "OCI blob at offset 0 (0x0): the content of %s has the digest %s"
                        .formatted(
                                descriptor.digest(),
                                Descriptor.of(MediaType.OCI_LAYER, "wrong".getBytes(UTF_8))
                                        .digest()),
                failure.getMessage());
        assertFalse(Files.exists(layout.blob(descriptor.digest())));
        try (Stream<Path> left = Files.list(layout.blob(descriptor.digest()).getParent())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void saysWhatIsNoLayout(@TempDir Path dir) {
        FormatException failure = assertThrows(FormatException.class, () -> OciLayout.open(dir));
        assertEquals(
                "OCI layout at offset 0 (0x0): not an OCI layout: it has no file oci-layout", failure.getMessage());
    }

    @Test
    void aManipulatedDocumentIsRefused(@TempDir Path dir) throws Exception {
        Image image = OciConformanceTest.write(dir.resolve("l"), "v1");
        OciLayout layout = OciLayout.open(dir.resolve("l"));
        Path config = layout.blob(image.manifest().config().digest());
        Files.writeString(config, Files.readString(config).replace("amd64", "arm64"));
        FormatException failure = assertThrows(FormatException.class, () -> layout.image(AMD64));
        assertEquals("OCI blob", failure.structure());
    }
}
