package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.compress.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesOnDiskTest {
    private static final Platform AMD64 = Platform.linux("amd64");

    private final SequencedMap<Sha256, ByteSource> blobs = new TreeMap<>();
    private int kept;

    /** Row 18: {@code docker save IMAGE | gzip}, and by zstd, as {@code docker load} takes them. */
    @Test
    void archivesMayBeCompressedAsAWhole(@TempDir Path dir) throws Exception {
        Image image = image();
        Blobs known = descriptor -> java.util.Objects.requireNonNull(blobs.get(descriptor.digest()));
        byte[] saved = DockerArchive.source(image, List.of(ImageReference.parse("greeter:v1")), known)
                .readAll("tar", 1 << 20);
        byte[] archived = OciArchive.source(image.descriptor(), known).readAll("tar", 1 << 20);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = Gzip.encode(gzip, 6)) {
            out.write(saved);
        }
        ByteArrayOutputStream zstd = new ByteArrayOutputStream();
        try (OutputStream out = Zstd.encode(zstd)) {
            out.write(archived);
        }
        Files.write(dir.resolve("saved.tar.gz"), gzip.toByteArray());
        Files.write(dir.resolve("saved.tar"), saved);
        Files.write(dir.resolve("archived.tar"), zstd.toByteArray());
        assertEquals(found("docker-archive:saved.tar", dir), found("docker-archive:saved.tar.gz:greeter:v1", dir));
        assertEquals(image.descriptor().digest(), found("oci-archive:archived.tar", dir));
        assertEquals(2, kept, "one that is not compressed needs no room");
        byte[] cut = java.util.Arrays.copyOf(gzip.toByteArray(), gzip.size() / 2);
        Files.write(dir.resolve("cut.tar.gz"), cut);
        assertThrows(FormatException.class, () -> found("docker-archive:cut.tar.gz", dir));
    }

    /** Case 25's kind: what nobody reads is named. */
    @Test
    void archivesOfOtherKindsAreNamed(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("a.tar.bz2"), "BZh91AY&SY");
        assertEquals(
                "docker archive at offset 0 (0x0): is compressed with bzip2; image archives are tar, plain or compressed with gzip, zstd or xz",
                assertThrows(FormatException.class, () -> found("docker-archive:a.tar.bz2", dir))
                        .getMessage());
    }

    /** Row 18b. */
    @Test
    void aFolderIsNotAnArchiveAndAFileIsNotALayout(@TempDir Path dir) throws Exception {
        OciLayout.create(dir.resolve("layout"));
        Files.createDirectory(dir.resolve("folder"));
        Files.createFile(dir.resolve("file.tar"));
        assertEquals(
                dir + "/layout is a folder, but an archive is a file: it holds a layout, so write oci:" + dir
                        + "/layout",
                place("oci-archive:layout", dir).mismatch());
        assertEquals(
                dir + "/folder is a folder, but an archive is a file",
                place("docker-archive:folder", dir).mismatch());
        assertEquals(
                "%s is a file, but oci: names the folder of a layout: write oci-archive:%<s or docker-archive:%<s"
                        .formatted(dir.resolve("file.tar")),
                place("oci:file.tar", dir).mismatch());
        assertNull(place("oci:layout", dir).mismatch());
        assertNull(place("oci-archive:file.tar", dir).mismatch());
        assertNull(place("oci:missing", dir).mismatch());
    }

    private Sha256 found(String written, Path dir) throws Exception {
        ImagePlace.OnDisk place = place(written, dir);
        return ImagesOnDisk.open(place, this::keep).find(place, AMD64).digest();
    }

    private static ImagePlace.OnDisk place(String written, Path dir) {
        return (ImagePlace.OnDisk) ImagePlace.parse(written, dir);
    }

    private ByteSource keep(String structure, InputStream content) throws IOException {
        kept++;
        return ByteSource.of(content.readAllBytes());
    }

    private Image image() throws Exception {
        ByteSource layer = ByteSource.of("not looked at".getBytes(UTF_8));
        ImageConfig config = ImageConfig.of(AMD64, null, List.of(Sha256.of(layer)));
        Descriptor configuration = Descriptor.of(MediaType.OCI_CONFIG, config.toBytes());
        Image image = Image.of(
                Manifest.of(
                        configuration, List.of(new Descriptor(MediaType.OCI_LAYER, Sha256.of(layer), layer.size()))),
                config);
        blobs.put(Sha256.of(layer), layer);
        blobs.put(configuration.digest(), ByteSource.of(config.toBytes()));
        blobs.put(image.descriptor().digest(), ByteSource.of(image.manifest().toBytes()));
        return image;
    }
}
