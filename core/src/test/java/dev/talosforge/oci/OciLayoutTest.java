package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.testkit.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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
    void refusesWhatIsNotALayout(@TempDir Path dir) {
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

    /** Runs share a layout: each adds its image, and none is lost. */
    @Test
    void writersAtTheSameTimeLoseNothing(@TempDir Path dir) throws Exception {
        Set<String> expected = new TreeSet<>();
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String name = "v" + i;
                expected.add(name);
                running.add(writers.submit(() -> {
                    OciLayout layout = OciLayout.create(dir.resolve("l"));
                    layout.add(layout.put(MediaType.OCI_MANIFEST, name.getBytes(UTF_8))
                            .withAnnotation(Descriptor.REF_NAME, name));
                    return name;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        Set<String> found = new TreeSet<>();
        for (Descriptor entry : OciLayout.open(dir.resolve("l")).index().manifests()) {
            found.add(String.valueOf(entry.annotations().get(Descriptor.REF_NAME)));
        }
        assertEquals(expected, found);
        try (Stream<Path> left = Files.list(dir.resolve("l"))) {
            assertEquals(
                    List.of(".index.json.lock", "blobs", "index.json", "oci-layout"),
                    left.map(file -> String.valueOf(file.getFileName()))
                            .sorted()
                            .toList());
        }
    }

    /** The lock is one between processes: while another has it, nobody changes the index. */
    @Tag("reference")
    @Test
    void aWriterWaitsForThatOfAnotherProcess(@TempDir Path dir) throws Exception {
        RequiredTool python = RequiredTool.named("python3", "python3");
        OciLayout layout = OciLayout.create(dir.resolve("l"));
        Path held = dir.resolve("held");
        Process other = new ProcessBuilder(
                        python.path().toString(),
                        "-c",
                        "import fcntl,sys,os;f=open(sys.argv[1],'r+');fcntl.lockf(f,fcntl.LOCK_EX);"
                                + "open(sys.argv[2],'w').close();sys.stdin.read()",
                        dir.resolve("l/.index.json.lock").toString(),
                        held.toString())
                .start();
        try {
            while (!Files.exists(held) && other.isAlive()) {
                Thread.onSpinWait();
            }
            Descriptor image = layout.put(MediaType.OCI_MANIFEST, "1".getBytes(UTF_8));
            try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
                Future<?> adding = writer.submit(() -> {
                    layout.add(image);
                    return image;
                });
                assertThrows(TimeoutException.class, () -> adding.get(300, TimeUnit.MILLISECONDS));
                assertEquals(List.of(), layout.index().manifests());
                other.getOutputStream().close();
                adding.get(120, TimeUnit.SECONDS);
            }
            assertEquals(List.of(image), layout.index().manifests());
        } finally {
            other.destroyForcibly();
        }
    }

    /** A layout needs no room. */
    private static dev.talosforge.bytes.ByteSource none(String structure, java.io.InputStream content) {
        throw new AssertionError(structure);
    }

    private static String refused(Path layout, String rest) {
        ImagePlace.OnDisk place = (ImagePlace.OnDisk) ImagePlace.parse("oci:" + layout + rest, layout);
        return String.valueOf(assertThrows(
                        FormatException.class,
                        () -> ImagesOnDisk.open(place, OciLayoutTest::none).find(place, AMD64))
                .getMessage());
    }

    private static Descriptor found(Path layout, String rest) throws Exception {
        ImagePlace.OnDisk place = (ImagePlace.OnDisk) ImagePlace.parse("oci:" + layout + rest, layout);
        return ImagesOnDisk.open(place, OciLayoutTest::none).find(place, AMD64);
    }

    @Test
    void findsTheRequestedImageOrListsTheImages(@TempDir Path dir) throws Exception {
        Path place = dir.resolve("l");
        OciLayout layout = OciLayout.create(place);
        String head = "images on disk at offset 0 (0x0): ";
        assertEquals(head + "it has no image", refused(place, ""));
        assertEquals(head + "it has no image v1; it has no named images", refused(place, ":v1"));
        Image image = OciConformanceTest.write(place, "v1");
        Descriptor one = image.descriptor().withPlatform(AMD64).withAnnotation(Descriptor.REF_NAME, "v1");
        assertEquals(one, found(place, ""));
        assertEquals(one, found(place, ":v1"));
        assertEquals(one, found(place, "@" + one.digest()));
        assertEquals(head + "it has no image v2; it has: v1", refused(place, ":v2"));
        Descriptor arm = layout.put(MediaType.OCI_MANIFEST, "{}".getBytes(UTF_8))
                .withPlatform(Platform.linux("arm64"))
                .withAnnotation(Descriptor.REF_NAME, "v1");
        layout.add(one.withAnnotation(Descriptor.REF_NAME, "v2"));
        assertEquals(one, found(place, ":v1"));
        layout.add(arm.withAnnotation(Descriptor.REF_NAME, "v3"));
        layout.add(one.withAnnotation(Descriptor.REF_NAME, "v4"));
        assertEquals(arm.digest(), found(place, ":v3").digest()); // one alone is taken for what is asked
        Descriptor index =
                layout.put(MediaType.OCI_INDEX, Index.of(List.of(one, arm)).toBytes());
        layout.add(index.withAnnotation(Descriptor.REF_NAME, "both"));
        assertEquals(index.digest(), found(place, ":both").digest());
        assertEquals(head + "it has several images, so name one; it has: both, v1, v2, v3, v4", refused(place, ""));
        assertEquals(index.digest(), found(place, "@" + index.digest()).digest());
        Descriptor nested =
                layout.put(MediaType.OCI_INDEX, Index.of(List.of(arm)).toBytes());
        assertEquals(nested, found(place, "@" + nested.digest()));
        Descriptor other = layout.put(MediaType.OCI_CONFIG, "{\"mediaType\": \"x\"}".getBytes(UTF_8));
        assertEquals(head + other.digest() + " is not an image", refused(place, "@" + other.digest()));
        String nobody = "@sha256:" + "0".repeat(64);
        assertEquals(head + "it has no image " + nobody.substring(1), refused(place, nobody));
    }

    @Test
    void aFolderOfOtherThingsIsNotMadeALayout(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("terragrunt.hcl"), "");
        assertEquals(
                "OCI layout at offset 0 (0x0): not an OCI layout: it has no file oci-layout, but it has terragrunt.hcl",
                assertThrows(FormatException.class, () -> OciLayout.create(dir)).getMessage());
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(1, left.count());
        }
    }
}
