package dev.talosforge.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.provenance.StagePlan.Change;
import dev.talosforge.provenance.StagePlan.Kind;
import dev.talosforge.provenance.StagePlan.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyRecordTest {
    private static final Sha256 ONE = new Sha256("1".repeat(64));

    @TempDir
    Path folder = Path.of("");

    private Path state() {
        return folder.resolve("terraform.tfstate");
    }

    private Path record() {
        return folder.resolve("terraform.tfstate.forge.json");
    }

    private static ApplyRecord record(Part... parts) {
        return new ApplyRecord(StageKind.IMAGES, List.of(parts));
    }

    private static Part.Output output(String name, @Nullable String value) {
        return new Part.Output(name, value);
    }

    private static Part.Extension extension(boolean custom, String text) {
        ImagePlace place = ImagePlace.parse(text, Path.of("/"));
        return new Part.Extension(custom, new PinnedImage(place, place.digest()));
    }

    private ApplyRecord read() throws Exception {
        assertNull(ReadRecord.beside(state()).damage());
        return Objects.requireNonNull(ReadRecord.beside(state()).record());
    }

    @Test
    void saysWhatDiffers() {
        Part same = new Part.Setting(Part.Setting.Name.SQUASHFS, "xz");
        StagePlan plan = record(new Part.StageRevision(2), same, new Part.KernelArgument("quiet"))
                .plan("u", record(new Part.StageRevision(1), same, new Part.Volume("s:iso/a.iso")));
        assertEquals(
                List.of(
                        new Change(
                                Kind.CHANGED,
                                Reason.STAGE_REVISION,
                                "stage code",
                                "revision 1",
                                "revision 2",
                                "revision 1 -> revision 2"),
                        new Change(Kind.ADDED, Reason.KERNEL_ARGUMENT, "kernel argument quiet", "", "given", ""),
                        new Change(Kind.REMOVED, Reason.TARGET, "volume", "s:iso/a.iso", "", "s:iso/a.iso")),
                plan.changes());
        assertEquals(StagePlan.Basis.LAST_APPLY, plan.basis());
    }

    @Test
    void withoutALastApplyNothingDiffers() {
        StagePlan plan = record(new Part.StageRevision(2)).plan("u", null);
        assertEquals(List.of(), plan.changes());
        assertEquals(StagePlan.Basis.NEVER_APPLIED, plan.basis());
        assertEquals("installer image and boot ISO", plan.stage());
    }

    @Test
    void partsOfOneTitleAreReportedTogether() {
        Part first = extension(false, "r.test/a/b:v1@" + ONE);
        assertEquals(
                List.of(new StagePlan.Line("extension r.test/a/b", "v1@%1$s, v2@%1$s".formatted(ONE), first)),
                record(first, extension(false, "r.test/a/b:v2@" + ONE))
                        .plan("u", null)
                        .lines());
    }

    @Test
    void isRecordedBesideTheState() throws Exception {
        assertNull(ReadRecord.beside(state()).record());
        assertNull(ReadRecord.beside(state()).damage());
        ApplyRecord made = record(output("b", "1"), output("a", "ü\n"), output("c", null));
        made.write(state(), null);
        assertEquals(made, read());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(record()), files.toList());
        }
    }

    @Test
    void recordsWhatWasPublishedAndWhen() throws Exception {
        Publication publication = Publication.of(outputs("a"), 1_700_000_000L, null);
        record(extension(true, "r.test/a/b:v1@" + ONE), output("a", "1")).write(state(), publication);
        assertEquals(publication, read().publication());
        assertEquals("""
                {
                  "format": 2,
                  "stage": "images",
                  "parts": {
                    "imager": "recorded by a newer Talos Forge, in format 2"
                  },
                  "made_of": [
                    {
                      "part": "extension",
                      "custom": true,
                      "image": "r.test/a/b:v1@%1$s",
                      "digest": "%1$s"
                    },
                    {
                      "part": "output",
                      "name": "a",
                      "value": "1"
                    }
                  ],
                  "publication": {
                    "published": 1700000000,
                    "delivered": "%2$s",
                    "outputs": "%3$s"
                  }
                }
                """.formatted(ONE, publication.delivered(), publication.outputs()), Files.readString(record()));
    }

    @Test
    void theTimeMovesOnlyWithWhatWasDelivered() {
        Publication first = Publication.of(outputs("a"), 100, null);
        Publication same = Publication.of(outputs("a"), 200, first);
        assertEquals(first, same);

        SequencedMap<String, Json> renamed = outputs("a");
        renamed.put("kubernetes_version", Json.of("1.32.0"));
        Publication onlyOutputs = Publication.of(renamed, 300, first);
        assertEquals(100, onlyOutputs.published());
        assertEquals(first.delivered(), onlyOutputs.delivered());
        assertNotEquals(first.outputs(), onlyOutputs.outputs());

        assertEquals(400, Publication.of(outputs("b"), 400, first).published());
    }

    private static SequencedMap<String, Json> outputs(String digest) {
        SequencedMap<String, Json> outputs = new LinkedHashMap<>();
        outputs.put("installer_digest", Json.of(digest));
        outputs.put("kubernetes_version", Json.of("1.31.4"));
        return outputs;
    }

    @Test
    void aRecordWhosePublicationIsOfAnotherKindHasNone() throws Exception {
        Files.writeString(record(), """
                {"stage": "system extension", "parts": {}, "publication": {"published": "yesterday", "delivered": "x"}}
                """);
        assertNull(read().publication());
    }

    /** Each with what is said of it, behind the name of the file. */
    @Test
    void whatCannotBeReadIsReportedAndCountsAsNothing() throws Exception {
        String newer = " cannot be read and is ignored: ";
        String damaged = " is damaged and is ignored: record of the last apply at offset 0 (0x0): ";
        String kind = "{\"format\": 2, \"stage\": \"images\", \"made_of\": [%s]}";
        String who = "a newer Talos Forge wrote it";
        SequencedMap<String, String> reported = new LinkedHashMap<>();
        reported.put("{\"format\": 3}", newer + "its format is 3, expected 2: " + who);
        reported.put(
                kind.formatted("{\"part\": \"firmware\"}"),
                newer + "it has a part of kind \"firmware\", which this version does not know: " + who);
        reported.put(
                kind.formatted("{\"part\": \"setting\", \"name\": \"colour\", \"value\": \"red\"}"),
                newer + "its part \"setting\" has the name \"colour\", which this version does not know: " + who);
        reported.put(
                kind.formatted("{\"part\": \"volume\"}"),
                damaged + "in its part \"volume\", \"id\" is missing or cannot be read");
        reported.put(
                kind.formatted("{\"part\": \"extension\", \"image\": \"r.test/a@sha256:1\"}"),
                damaged + "not an image reference: \"r.test/a@sha256:1\": \"sha256:1\" is not a digest like sha256:…");
        reported.put(kind.formatted("7"), damaged + "it has a part that is not an object");
        reported.put("{\"format\": \"2\"}", damaged + "\"format\" is missing or cannot be read");
        reported.put("{\"format\": 2, \"stage\": \"images\"}", damaged + "\"made_of\" is missing or cannot be read");
        reported.put(
                "{\"format\": 2, \"stage\": \"cluster\", \"made_of\": []}",
                damaged + "\"stage\" is missing or cannot be read");
        reported.put("{\"stage\": \"cluster\", \"parts\": {}}", damaged + "\"stage\" is missing or cannot be read");
        reported.put("[]", damaged + "is not a JSON object");
        List<String> found = new ArrayList<>();
        for (String text : reported.keySet()) {
            Files.writeString(record(), text);
            assertNull(ReadRecord.beside(state()).record(), text);
            found.add(String.valueOf(ReadRecord.beside(state()).damage()));
        }
        assertEquals(reported.values().stream().map(why -> record() + why).toList(), found);
    }

    /** A plan of a version before format 2, which compares texts by their names, says who recorded it. */
    @Test
    void earlierVersionsFindWhatTheirVerifyFailsOn() throws Exception {
        record(new Part.StageRevision(1)).write(state(), null);
        JsonObject old = dev.talosforge.json.JsonReader.readObject("record", Files.readAllBytes(record()));
        assertEquals(
                "{\"imager\":\"recorded by a newer Talos Forge, in format 2\"}",
                Objects.requireNonNull(old.object("parts")).compact());
    }
}
