package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.iso9660.IsoReader;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudInitDriveTest {
    @TempDir
    private Path folder;

    private Path written(String name) throws IOException {
        Path image = folder.resolve(name);
        new CloudInitDrive(
                        ByteSource.of("local-hostname: one\n".getBytes(UTF_8)),
                        ByteSource.of("version: v1alpha1\n".getBytes(UTF_8)),
                        null)
                .write(image);
        return image;
    }

    @Test
    void holdsWhatItWasGivenAndNothingElse() throws IOException {
        IsoReader.Volume volume = IsoReader.read(ByteSource.of(written("one.iso")));
        assertEquals("CIDATA", volume.labels().volume());
        assertEquals(
                List.of("meta-data", "user-data"),
                volume.tree().entries().stream()
                        .map(entry -> FileTree.nameOf(entry.path()))
                        .filter(name -> !name.isEmpty())
                        .toList());
        assertEquals(
                "version: v1alpha1\n",
                new String(StandInBase.file(volume.tree(), "user-data").readAll("user-data", 100), UTF_8));
    }

    @Test
    void isTheSameEveryTime() throws IOException {
        assertArrayEquals(Files.readAllBytes(written("one.iso")), Files.readAllBytes(written("other.iso")));
    }

    @Tag("reference")
    @Test
    void theFieldReadsItsNames() throws Exception {
        Path image = written("one.iso");
        assertEquals(
                "/meta-data\n/user-data\n",
                RequiredTool.named("isoinfo", "genisoimage")
                        .run(folder, Path.of("/dev/null"), "-R", "-f", "-i", image.toString()));
    }
}
