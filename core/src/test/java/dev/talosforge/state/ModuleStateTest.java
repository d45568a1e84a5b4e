package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What our Terraform modules keep in a state, and states that are moved out of their way. */
class ModuleStateTest {
    private static final StateLock.Holder HOLDER = StateLock.Holder.UNNAMED;

    @TempDir
    private Path folder;

    private Path state(String name, int serial, String lineage, String resource) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, """
                {"version": 4, "terraform_version": "1.11.4", "serial": %d, "lineage": "%s",
                 "outputs": {"serial": {"value": "%1$d", "type": "string"}}, "resources": [%s]}
                """.formatted(serial, lineage, resource));
    }

    private static String outputs(String more, String record) {
        return """
                {"mode": "managed", "type": "terraform_data", "name": "outputs", %s
                 "instances": [{"attributes": {"id": "1", "output":
                   {"value": {"outputs": {"a": "b"}, "record": "%s"}, "type": ["object", {}]}}}]}
                """.formatted(more, record);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable JsonObject record(String resource) throws IOException {
        return StateFile.at(state("a.tfstate", 1, "l", resource)).lastApply().moduleRecord();
    }

    @Test
    void theRecordIsReadFromTheModulesOwnResource() throws Exception {
        String record = encoded("{\"digest\": \"d\"}");
        JsonObject read = record("{\"mode\": \"managed\", \"type\": \"terraform_data\", \"name\": \"made\"}, "
                + outputs("\"provider\": \"p\",", record));
        assertNotNull(read);
        assertEquals("d", read.text("digest"));
        assertNull(record(""));
        assertNull(record(outputs("\"module\": \"module.images\",", record)));
        assertNull(record(outputs("", record).replace("terraform_data", "null_resource")));
        assertNull(record(outputs("", record).replace("managed", "data")));
        assertNull(record(outputs("", "no Base64")));
        assertNull(record(outputs("", encoded("no JSON"))));
        assertNull(record(outputs("", record).replace("{\"a\": \"b\"}, \"record\"", "{}, \"other\"")));
        assertNull(StateFile.at(folder.resolve("missing")).lastApply().moduleRecord());
    }

    @Test
    void aStateMovesWithItsRecord() throws Exception {
        Path from = state("unit/terraform.tfstate", 1, "l", "");
        Files.writeString(folder.resolve("unit/terraform.tfstate.forge.json"), "record");
        Path to = folder.resolve("unit/.cache/a/terraform.tfstate");
        byte[] before = Files.readAllBytes(from);
        MovedState moved = MovedState.of(from, to, ".forge.json", HOLDER);
        assertEquals(folder.resolve("unit/.terraform.tfstate.moved"), moved.kept());
        assertEquals("record", Files.readString(folder.resolve("unit/.cache/a/terraform.tfstate.forge.json")));
        assertEquals(new String(before, StandardCharsets.UTF_8), Files.readString(to));
        assertEquals(new String(before, StandardCharsets.UTF_8), Files.readString(moved.kept()));
        assertFalse(Files.exists(from));
        assertFalse(Files.exists(folder.resolve("unit/terraform.tfstate.forge.json")));
    }

    @Test
    void aLaterStateStays() throws Exception {
        Path from = state("unit/terraform.tfstate", 1, "l", "");
        Files.writeString(folder.resolve("unit/terraform.tfstate.forge.json"), "record");
        Path to = state("unit/.cache/a/terraform.tfstate", 2, "l", "");
        String later = Files.readString(to);
        MovedState moved = MovedState.of(from, to, ".forge.json", HOLDER);
        assertEquals(later, Files.readString(to));
        assertFalse(Files.exists(folder.resolve("unit/.cache/a/terraform.tfstate.forge.json")));
        assertTrue(Files.readString(moved.kept()).contains("\"serial\": 1,"));
    }

    @Test
    void aWorkingFolderIsOfTheUnitAboveTheCache() {
        Path unit = Path.of("/a/live/images");
        assertEquals(unit, TerragruntCache.unitFolder(unit));
        assertEquals(unit, TerragruntCache.unitFolder(unit.resolve(".terragrunt-cache")));
        assertEquals(unit, TerragruntCache.unitFolder(unit.resolve(".terragrunt-cache/x/y/modules/talos_images")));
        assertEquals(Path.of("a"), TerragruntCache.unitFolder(Path.of("a/.terragrunt-cache/x")));
    }
}
