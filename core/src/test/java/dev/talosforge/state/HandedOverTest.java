package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The states that Terragrunt reads beside the unit's own. The real program is asked in another test. */
class HandedOverTest {
    private static final HandedOver.Backend RELATIVE = new HandedOver.Backend("tc/a/terraform.tfstate", null);
    private static final String FOREIGN = """
            {"version": 4, "terraform_version": "1.12.6", "serial": %d, "lineage": "%s",
             "outputs": {"name": {"value": "old", "type": "string"}},
             "resources": [{"mode": "managed", "type": "terraform_data", "name": "made", "instances": []}]}
            """;

    @TempDir
    private Path unit;

    private Path work;
    private StateFile own;

    @BeforeEach
    void places() {
        work = unit.resolve(".terragrunt-cache/A/B/m");
        own = StateFile.at(unit.resolve("tc/a/terraform.tfstate"));
    }

    private HandedOver handedOver(HandedOver.Backend backend) {
        return new HandedOver(work, backend, "default");
    }

    private void record(String name) throws IOException {
        HandedOver.record(own, Map.of("name", Json.of(name)), List.of(handedOver(RELATIVE)));
    }

    private Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void reported(String type, String path) throws IOException {
        write(
                work.resolve(".terraform/terraform.tfstate"),
                "{\"version\": 3, \"backend\": {\"type\": \"%s\", \"config\": {\"path\": %s}, \"hash\": 1}}"
                        .formatted(type, path));
    }

    private static JsonObject state(Path file) throws IOException {
        return JsonReader.readObject(file.toString(), Files.readAllBytes(file));
    }

    private static String value(Path file) throws IOException {
        return String.valueOf(StateFile.at(file).outputs());
    }

    @Test
    void withoutACacheOneIsMadeThatTerraformCanGoOnIn() throws IOException {
        record("one");
        assertTrue(Files.isDirectory(work.resolve(".terraform")));
        byte[] bytes = Files.readAllBytes(own.path());
        assertEquals(-1, java.util.Arrays.mismatch(bytes, Files.readAllBytes(work.resolve("terraform.tfstate"))));
        assertEquals(-1, java.util.Arrays.mismatch(bytes, Files.readAllBytes(work.resolve("tc/a/terraform.tfstate"))));

        record("two");
        assertEquals("{name=JsonText[value=two]}", value(work.resolve("terraform.tfstate")));
        assertEquals(2L, state(work.resolve("tc/a/terraform.tfstate")).whole("serial"));
    }

    @Test
    void aCacheOfEarlierRunsKeepsWhatTerraformKnows() throws IOException {
        reported("local", "\"tc/a/terraform.tfstate\"");
        Path there = write(work.resolve("tc/a/terraform.tfstate"), FOREIGN.formatted(7, "theirs"));
        record("one");
        assertEquals("{name=JsonText[value=one]}", value(there));
        assertEquals(8L, state(there).whole("serial"));
        assertEquals("theirs", state(there).text("lineage"));
        assertTrue(Files.readString(there).contains("terraform_data"));
        assertEquals(Files.readString(there), Files.readString(own.path()));
        assertFalse(Files.exists(work.resolve("terraform.tfstate")));
        assertTrue(Files.readString(there.resolveSibling("terraform.tfstate.backup"))
                .contains("\"old\""));

        write(there, FOREIGN.formatted(12, "theirs"));
        record("one");
        assertEquals(13L, state(there).whole("serial"));
        assertEquals(13L, state(own.path()).whole("serial"));
    }

    @Test
    void aStateOfAnotherLineageContinuesAsItself() throws IOException {
        own.record(Map.of("name", Json.of("one")));
        String lineage = state(own.path()).text("lineage");
        reported("local", "\"tc/a/terraform.tfstate\"");
        Path there = write(work.resolve("tc/a/terraform.tfstate"), FOREIGN.formatted(7, "theirs"));
        record("two");
        assertEquals("theirs", state(there).text("lineage"));
        assertEquals(lineage, state(own.path()).text("lineage"));
        assertEquals("{name=JsonText[value=two]}", value(there));
        assertTrue(Files.readString(there).contains("terraform_data"));
    }

    @Test
    void theStateThatTheCacheNamesIsWrittenAlthoughTheUnitNamesAnother() throws IOException {
        reported("local", "\"old/place.tfstate\"");
        Path there = write(work.resolve("old/place.tfstate"), FOREIGN.formatted(7, "theirs"));
        record("one");
        assertEquals("{name=JsonText[value=one]}", value(there));
    }

    @Test
    void anAbsolutePathNeedsNothing() throws IOException {
        HandedOver.Backend absolute = new HandedOver.Backend(own.path().toString(), null);
        assertEquals(List.of(), List.copyOf(handedOver(absolute).places(own.path())));
        reported("local", "\"%s\"".formatted(own.path()));
        own.record(Map.of("name", Json.of("one")));
        assertEquals(List.of(), List.copyOf(handedOver(absolute).places(own.path())));
    }

    @Test
    void anotherBackendIsReportedAndLeftAlone() throws IOException {
        reported("gcs", "null");
        assertEquals("gcs", handedOver(RELATIVE).otherBackend());
        record("one");
        assertFalse(Files.exists(work.resolve("terraform.tfstate")));
        assertFalse(Files.exists(work.resolve("tc")));
    }

    @Test
    void aWorkspaceHasAPlaceOfItsOwn() throws IOException {
        HandedOver.record(own, Map.of("name", Json.of("one")), List.of(new HandedOver(work, RELATIVE, "v1.12.0-test")));
        assertEquals(
                "{name=JsonText[value=one]}",
                value(work.resolve("terraform.tfstate.d/v1.12.0-test/terraform.tfstate")));
        assertFalse(Files.exists(work.resolve("terraform.tfstate")));
    }

    @Test
    void codeThatWasNeverInitializedIsDetected() throws IOException {
        write(work.resolve("main.tf"), "terraform {\n  backend \"local\" {}\n}\n");
        assertTrue(handedOver(RELATIVE).isHalfMade());
        reported("local", "\"tc/a/terraform.tfstate\"");
        assertFalse(handedOver(RELATIVE).isHalfMade());
    }

    @Test
    void aStateThatCannotBeReadEndsTheRunBeforeAnythingIsMade() throws IOException {
        write(work.resolve("terraform.tfstate"), "{\"encrypted_data\": \"x\"}");
        assertThrows(IOException.class, () -> handedOver(RELATIVE).locks(own.path(), StateLock.Holder.UNNAMED));
    }

    @Test
    void aStateThatAnotherHoldsEndsTheRunBeforeAnythingIsMade() throws IOException {
        Path there = write(work.resolve("terraform.tfstate"), FOREIGN.formatted(1, "theirs"));
        try (StateLock _ = StateLock.take(there)) {
            assertThrows(BuildException.class, () -> handedOver(RELATIVE).locks(own.path(), StateLock.Holder.UNNAMED));
        }
    }
}
