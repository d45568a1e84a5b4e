package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.pipeline.StagePlan.Change;
import dev.talosforge.pipeline.StagePlan.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeTest {
    private static Made made(String... namesAndValues) {
        Made made = new Made("images");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            made.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return made;
    }

    @Test
    void saysWhatDiffers() {
        StagePlan plan = made("version", "v2", "same", "x", "new", "n")
                .plan("u", made("version", "v1", "same", "x", "old", "o"));
        assertEquals(
                List.of(
                        new Change(Kind.CHANGED, "version", "v1", "v2"),
                        new Change(Kind.ADDED, "new", "", "n"),
                        new Change(Kind.REMOVED, "old", "o", "")),
                plan.changes());
        assertEquals(true, plan.applied());
    }

    @Test
    void withoutALastApplyNothingDiffers() {
        StagePlan plan = made("a", "b").plan("u", null);
        assertEquals(List.of(), plan.changes());
        assertEquals(false, plan.applied());
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
        assertNull(Made.read(state));
        made("b", "1", "a", "ü\n").write(state);
        Made back = Made.read(state);
        assertNotNull(back);
        assertEquals(
                made("b", "1", "a", "ü\n").plan("u", null).lines(),
                back.plan("u", null).lines());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("terraform.tfstate.forge.json")), files.toList());
        }
    }
}
