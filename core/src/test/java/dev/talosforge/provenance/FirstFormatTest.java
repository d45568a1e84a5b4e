package dev.talosforge.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.ImagePlace;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records as the program before format 2 wrote them, see {@code records/} in the resources. */
class FirstFormatTest {
    private static final Sha256 ONE = new Sha256("1".repeat(64));
    private static final Sha256 TWO = new Sha256("2".repeat(64));

    @TempDir
    Path folder = Path.of("");

    private ApplyRecord read(byte[] bytes) throws Exception {
        Path state = folder.resolve("terraform.tfstate");
        Files.write(ApplyRecord.recordOf(state), bytes);
        assertNull(ReadRecord.beside(state).damage());
        return Objects.requireNonNull(ReadRecord.beside(state).record());
    }

    private static byte[] resource(String name) throws Exception {
        try (InputStream in =
                Objects.requireNonNull(FirstFormatTest.class.getResourceAsStream("/records/" + name), name)) {
            return in.readAllBytes();
        }
    }

    private static List<Part> parts(String title, String value) {
        return FirstFormat.parts(Json.object().put(title, value).build());
    }

    /** Every part is understood, and recorded again as what it is. */
    @ParameterizedTest
    @ValueSource(strings = {"live-extension", "live-images", "live-registry", "disk-images", "rich-extension"})
    void becomesFormatTwo(String name) throws Exception {
        ApplyRecord record = read(resource(name + ".json"));
        assertEquals(
                List.of(),
                record.parts().stream().filter(Part.Unknown.class::isInstance).toList());
        Path again = folder.resolve("again.tfstate");
        record.write(again, record.publication());
        assertEquals(
                new String(resource(name + ".format2.json"), StandardCharsets.UTF_8),
                Files.readString(ApplyRecord.recordOf(again)));
        assertEquals(record, ReadRecord.beside(again).record());
        assertEquals(
                List.of(), record.plan("u", ReadRecord.beside(again).record()).changes());
    }

    /** So that an upgrade plans no change. Where a plan is worded otherwise, this changes, and nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"live-extension", "live-images", "live-registry", "disk-images", "rich-extension"})
    void isReportedAsItWas(String name) throws Exception {
        byte[] bytes = resource(name + ".json");
        JsonObject old = JsonReader.readObject("record", bytes);
        ApplyRecord record = read(bytes);
        assertEquals(old.text("stage"), record.stage().title());
        SequencedMap<String, String> reported = new LinkedHashMap<>();
        PartGroup.of(record.parts()).forEach((title, group) -> reported.put(title, group.value()));
        assertEquals(
                Objects.requireNonNull(old.object("parts")).pretty(),
                Json.ofMap(reported).pretty());
    }

    @Test
    void partsThatWereToldTogetherAreTakenApart() {
        assertEquals(
                List.of(
                        new Part.Extension(false, image("r.test/a:v1@" + ONE)),
                        new Part.Extension(false, image("r.test/a@" + TWO))),
                parts("extension r.test/a", "v1@%s, %s".formatted(ONE, TWO)));
        assertEquals(
                List.of(new Part.Folder(true, "src", ONE), new Part.Folder(true, "src", TWO)),
                parts("build: dir src", ONE + ", " + TWO));
        assertEquals(
                List.of(new Part.KernelArgument("quiet"), new Part.KernelArgument("quiet")),
                parts("kernel argument quiet", "given, given"));
        assertEquals(
                List.of(new Part.DebianPackage(
                        true,
                        "gcc",
                        List.of(
                                new Part.DebianPackage.Release("4:12", null, null),
                                new Part.DebianPackage.Release("4:13", null, null)))),
                parts("package for builds, gcc", "4:12, 4:13"));
        assertEquals(
                List.of(new Part.Archive(true, "x", new TreeMap<>(Map.of("amd64", ONE, "arm64", TWO)), 2)),
                parts("build: archive x", "amd64 %s, arm64 %s, strip 2".formatted(ONE, TWO)));
    }

    /** The names of folders may have slashes in them, and those of earlier versions had one folder only. */
    @Test
    void filesOfFolders() {
        assertEquals(
                List.of(
                        new Part.Folder(false, "a", ONE),
                        new Part.Folder(false, "a/b", ONE),
                        new Part.SourceFile(false, "a/b", "c", TWO, null, true),
                        new Part.SourceFile(false, "a", "d/e", null, "../f, runnable", false),
                        new Part.SourceFile(false, "a", "fifo", null, null, false)),
                FirstFormat.parts(Json.object()
                        .put("dir a", ONE.toString())
                        .put("dir a/b", ONE.toString())
                        .put("source file a/b/c", TWO + ", runnable")
                        .put("source file a/d/e", "-> ../f, runnable")
                        .put("source file a/fifo", "no file")
                        .build()));
        assertEquals(
                List.of(
                        new Part.Folder(false, "rootfs", ONE),
                        new Part.SourceFile(false, "rootfs", "etc/a", TWO, null, false)),
                FirstFormat.parts(Json.object()
                        .put("rootfs", ONE.toString())
                        .put("rootfs file etc/a", TWO.toString())
                        .build()));
    }

    @Test
    void imagesOnDisk() {
        ImagePlace docker = ImagePlace.parse("docker-archive:/a/b.tar:localhost/x:v1", Path.of("/"));
        assertEquals(
                List.of(new Part.BaseImage(Part.BaseImage.Role.IMAGER, null, new PinnedImage(docker, null))),
                parts("imager", docker.toString()));
        assertEquals(
                List.of(new Part.Extension(true, new PinnedImage(docker, ONE))),
                parts("custom extension docker-archive:/a/b.tar:localhost/x", "v1@" + ONE));
        assertEquals(
                List.of(new Part.Target(
                        Part.Target.Kind.INSTALLER, ImagePlace.parse("oci:/a/out:v1", Path.of("/")), true)),
                parts("installer", "oci:/a/out:v1"));
        assertEquals(
                List.of(new Part.Target(
                        Part.Target.Kind.EXTENSION, ImagePlace.parse("r.test/a:v1", Path.of("/")), false)),
                parts("image", "r.test/a:v1 (not pushed)"));
    }

    /** It is kept as it was said, compared as a text, and proven of nobody. */
    @Test
    void whatIsNotUnderstoodIsUnknown() {
        for (String[] one : new String[][] {
            {"flavour", "sweet"},
            {"Talos version", "next"},
            {"architectures", "amd64, mips"},
            {"imager", "no reference"},
            {"base installer, mips", "r.test/a@" + ONE},
            {"extension r.test/a", "v1@sha256:00"},
            {"extension", "hello"},
            {"image for mips, r.test/a", ONE.toString()},
            {"kernel command line, UKI", "quiet"},
            {"ISO mips", "/a.iso"},
            {"stage code", "newest"},
            {"source file rootfs/a", ONE.toString()},
            {"archive x", ONE + ", " + TWO},
            {"download x", ONE.toString()},
            {"build: colour", "red"},
            {"SOURCE_DATE_EPOCH", "today"},
        }) {
            assertEquals(List.of(new Part.Unknown(one[0], one[1])), parts(one[0], one[1]));
        }
        assertEquals(List.of(), FirstFormat.parts(null));
    }

    private static PinnedImage image(String text) {
        ImagePlace place = ImagePlace.parse(text, Path.of("/"));
        return new PinnedImage(place, place.digest());
    }
}
