package dev.talosforge.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.json.Json;
import dev.talosforge.provenance.StagePlan.Change;
import dev.talosforge.provenance.StagePlan.Kind;
import dev.talosforge.provenance.StagePlan.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyRecordTest {
    private static ApplyRecord made(String... namesAndValues) {
        ApplyRecord record = new ApplyRecord("images");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            record.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return record;
    }

    @Test
    void saysWhatDiffers() {
        StagePlan plan = made("version", "v2", "same", "x", "new", "n")
                .plan("u", made("version", "v1", "same", "x", "old", "o"));
        assertEquals(
                List.of(
                        new Change(Kind.CHANGED, Reason.SETTING, "version", "v1", "v2", "v1 -> v2"),
                        new Change(Kind.ADDED, Reason.SETTING, "new", "", "n", "n"),
                        new Change(Kind.REMOVED, Reason.SETTING, "old", "o", "", "o")),
                plan.changes());
        assertEquals(StagePlan.Basis.LAST_APPLY, plan.basis());
    }

    @Test
    void withoutALastApplyNothingDiffers() {
        StagePlan plan = made("a", "b").plan("u", null);
        assertEquals(List.of(), plan.changes());
        assertEquals(StagePlan.Basis.NEVER_APPLIED, plan.basis());
    }

    @Test
    void aNameThatStandsTwiceKeepsBothValues() {
        assertEquals(
                List.of(new StagePlan.Line("extension a/b", "v1, v2")),
                made("extension a/b", "v1", "extension a/b", "v2")
                        .plan("u", null)
                        .lines());
    }

    @Test
    void isRecordedBesideTheState(@TempDir Path folder) throws Exception {
        Path state = folder.resolve("terraform.tfstate");
        assertNull(ApplyRecord.read(state));
        made("b", "1", "a", "ü\n").write(state, null);
        ApplyRecord back = ApplyRecord.read(state);
        assertNotNull(back);
        assertEquals(
                made("b", "1", "a", "ü\n").plan("u", null).lines(),
                back.plan("u", null).lines());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("terraform.tfstate.forge.json")), files.toList());
        }
    }

    @Test
    void recordsWhatWasPublishedAndWhen(@TempDir Path folder) throws Exception {
        Path state = folder.resolve("terraform.tfstate");
        Publication publication = Publication.of(outputs("a"), 1_700_000_000L, null);
        made("a", "1").write(state, publication);
        ApplyRecord back = ApplyRecord.read(state);
        assertNotNull(back);
        assertEquals(publication, back.publication());
        assertEquals(
                """
                {
                  "stage": "images",
                  "parts": {
                    "a": "1"
                  },
                  "publication": {
                    "published": 1700000000,
                    "delivered": "%s",
                    "outputs": "%s"
                  }
                }
                """.formatted(publication.delivered(), publication.outputs()).strip(),
                Files.readString(folder.resolve("terraform.tfstate.forge.json")).strip());
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
    void aRecordOfAnEarlierVersionIsRead(@TempDir Path folder) throws Exception {
        Path state = folder.resolve("terraform.tfstate");
        Files.writeString(folder.resolve("terraform.tfstate.forge.json"), """
                {"stage": "images", "parts": {"Talos version": "v1.11.5", "extension ghcr.io/acme/frr": "v1@sha256:00"}}
                """);
        ApplyRecord old = ApplyRecord.read(state);
        assertNotNull(old);
        assertNull(old.publication());
        assertEquals(
                List.of(),
                made("Talos version", "v1.11.5", "custom extension ghcr.io/acme/frr", "v1@sha256:00")
                        .plan("u", old)
                        .changes());
    }

    @Test
    void aRecordWhosePublicationIsOfAnotherKindHasNone(@TempDir Path folder) throws Exception {
        Path state = folder.resolve("terraform.tfstate");
        Files.writeString(folder.resolve("terraform.tfstate.forge.json"), """
                {"stage": "images", "parts": {}, "publication": {"published": "yesterday", "delivered": "x"}}
                """);
        ApplyRecord record = ApplyRecord.read(state);
        assertNotNull(record);
        assertNull(record.publication());
    }
}
