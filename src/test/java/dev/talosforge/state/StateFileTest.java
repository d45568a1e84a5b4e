package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    @Test
    void writesFormatFour(@TempDir Path dir) throws Exception {
        StateFile file = StateFile.at(dir.resolve("terraform.tfstate"));
        assertNull(file.outputs());
        assertTrue(file.record(Map.of("iso_name", Json.of("a.iso"), "ids", Json.ofMap(Map.of("pve01", "r:iso/a")))));

        JsonObject state = JsonReader.readObject("state", Files.readAllBytes(file.path()));
        assertEquals(4L, state.whole("version"));
        assertEquals(1L, state.whole("serial"));
        assertTrue(String.valueOf(state.text("lineage"))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"));
        assertEquals("""
                {"ids":{"value":{"pve01":"r:iso/a"},"type":["object",{"pve01":"string"}]},\
                "iso_name":{"value":"a.iso","type":"string"}}""", String.valueOf(state.get("outputs") instanceof JsonObject o ? o.compact() : null));
        assertEquals(
                Map.of("iso_name", Json.of("a.iso"), "ids", Json.ofMap(Map.of("pve01", "r:iso/a"))), file.outputs());
    }

    @Test
    void keepsWhatIsNotOursAndRaisesTheSerial(@TempDir Path dir) throws Exception {
        Path path = Files.writeString(dir.resolve("terraform.tfstate"), """
                {"version":4,"terraform_version":"1.9.0","serial":7,"lineage":"kept",
                 "outputs":{"old":{"value":1,"type":"number"}},
                 "resources":[{"mode":"managed","type":"null_resource","name":"x","instances":[]}]}""");
        StateFile file = StateFile.at(path);
        assertTrue(file.record(Map.of("new", Json.of(true))));

        JsonObject state = JsonReader.readObject("state", Files.readAllBytes(path));
        assertEquals("kept", state.text("lineage"));
        assertEquals("1.9.0", state.text("terraform_version"));
        assertEquals(8L, state.whole("serial"));
        assertEquals(1, state.items("resources").size());
        assertEquals(Map.of("new", Json.of(true)), file.outputs());
    }

    @Test
    void theSameOutputsAgainChangeNothing(@TempDir Path dir) throws Exception {
        StateFile file = StateFile.at(dir.resolve("sub").resolve("terraform.tfstate"));
        assertTrue(file.record(Map.of("a", Json.of("b"))));
        String before = Files.readString(file.path());
        assertFalse(file.record(Map.of("a", Json.of("b"))));
        assertEquals(before, Files.readString(file.path()));
        try (Stream<Path> files = Files.list(dir.resolve("sub"))) {
            assertEquals(1, files.count(), "a temporary file stayed");
        }
    }

    @Test
    void anotherFormatIsRefused(@TempDir Path dir) throws Exception {
        Path path = Files.writeString(dir.resolve("terraform.tfstate"), "{\"version\":3}");
        FormatException refused =
                assertThrows(FormatException.class, () -> StateFile.at(path).outputs());
        assertEquals(
                "Terraform state %s at offset 0 (0x0): is of format version 3, 4 is needed".formatted(path),
                refused.getMessage());
    }

    @Test
    void aSecondRunIsRefused(@TempDir Path dir) throws Exception {
        Path path = dir.resolve("terraform.tfstate");
        try (StateLock first = StateLock.take(path)) {
            BuildException refused = assertThrows(BuildException.class, () -> StateLock.take(path));
            assertEquals(
                    "another run holds the lock " + dir.resolve(".terraform.tfstate.forge.lock"),
                    refused.problems().getFirst().why());
            assertTrue(first.held());
        }
        StateLock.take(path).close();
    }
}
