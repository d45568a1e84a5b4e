package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateFileTest {
    /** Written by Terraform 0.13.7; see the README beside it. */
    static byte[] terraforms() throws IOException {
        try (InputStream in = StateFileTest.class.getResourceAsStream("/state/terraform-0.13.7.tfstate")) {
            return java.util.Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static JsonObject read(Path path) throws IOException {
        return JsonReader.readObject("state", Files.readAllBytes(path));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void writesFormatFour(@TempDir Path dir) throws Exception {
        StateFile file = StateFile.at(dir.resolve("terraform.tfstate"));
        assertNull(file.outputs());
        assertTrue(file.record(Map.of("iso_name", Json.of("a.iso"), "ids", Json.ofMap(Map.of("pve01", "r:iso/a")))));

        String lineage = String.valueOf(read(file.path()).text("lineage"));
        assertTrue(lineage.matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"), lineage);
        assertEquals("""
                {
                  "version": 4,
                  "terraform_version": "0.12.0",
                  "serial": 1,
                  "lineage": "%s",
                  "outputs": {
                    "ids": {
                      "value": {
                        "pve01": "r:iso/a"
                      },
                      "type": [
                        "object",
                        {
                          "pve01": "string"
                        }
                      ]
                    },
                    "iso_name": {
                      "value": "a.iso",
                      "type": "string"
                    }
                  },
                  "resources": [],
                  "check_results": null
                }
                """.formatted(lineage), Files.readString(file.path()));
        assertEquals(
                Map.of("iso_name", Json.of("a.iso"), "ids", Json.ofMap(Map.of("pve01", "r:iso/a"))), file.outputs());
        assertEquals(List.of("terraform.tfstate"), names(dir));
    }

    @Test
    void everyPlaceHasALineageOfItsOwn(@TempDir Path dir) throws Exception {
        StateFile.at(dir.resolve("a")).record(Map.of());
        StateFile.at(dir.resolve("b")).record(Map.of());
        assertNotEquals(
                read(dir.resolve("a")).text("lineage"), read(dir.resolve("b")).text("lineage"));
    }

    /** Literals of the language have these types in states that Terraform writes. */
    @Test
    void typesAreThoseOfTerraform(@TempDir Path dir) throws Exception {
        JsonObject theirs = JsonReader.readObject("state", terraforms()).object("outputs");
        assertEquals(13, theirs == null ? 0 : theirs.members().size());
        Path path = dir.resolve("terraform.tfstate");
        Map<String, Json> values = new LinkedHashMap<>();
        if (theirs != null) {
            theirs.members().forEach((name, entry) -> {
                if (entry instanceof JsonObject output) {
                    values.put(name, output.members().getOrDefault("value", Json.ofNull()));
                }
            });
        }
        values.put("nul", Json.ofNull());
        StateFile.at(path).record(values);
        JsonObject ours = read(path).object("outputs");
        for (String name : List.of("b", "big", "eo", "et", "n", "o", "on", "s", "t")) {
            assertEquals(theirs == null ? null : theirs.get(name), ours == null ? null : ours.get(name), name);
        }
        assertNull(ours == null ? null : ours.get("nul"), "Terraform leaves an output out that is null");
    }

    @Test
    void readsWhatTerraformWrote(@TempDir Path dir) throws Exception {
        Path path = Files.write(dir.resolve("terraform.tfstate"), terraforms());
        StateFile file = StateFile.at(path);
        Map<String, Json> outputs = file.outputs();
        assertEquals(
                List.of("b", "big", "eo", "et", "l", "m", "n", "o", "on", "s", "sec", "set", "t"),
                outputs == null ? List.of() : List.copyOf(outputs.keySet()));
        assertEquals(
                new JsonNumber(new BigDecimal("123456789012345678901234567890")),
                outputs == null ? null : outputs.get("big"));
        assertEquals(Json.of("a<b>&é\u2028"), outputs == null ? null : outputs.get("s"));
        assertEquals(List.of("sec"), List.copyOf(file.sensitive()));
    }

    @Test
    void whatTerraformWroteAgainChangesNothing(@TempDir Path dir) throws Exception {
        Path path = Files.write(dir.resolve("terraform.tfstate"), terraforms());
        StateFile file = StateFile.at(path);
        Map<String, Json> outputs = new LinkedHashMap<>(java.util.Objects.requireNonNull(file.outputs()));
        outputs.put("n", new JsonNumber(new BigDecimal("1.50")));
        assertFalse(file.record(outputs), "no value changed, so neither does a type");
        assertEquals(new String(terraforms(), java.nio.charset.StandardCharsets.UTF_8), Files.readString(path));
        assertEquals(List.of("terraform.tfstate"), names(dir));
    }

    @Test
    void aChangedOutputStaysSensitiveAndOthersKeepTheirTypes(@TempDir Path dir) throws Exception {
        Path path = Files.write(dir.resolve("terraform.tfstate"), terraforms());
        StateFile file = StateFile.at(path);
        assertTrue(
                file.record(Map.of("sec", Json.of("new"), "m", Json.ofMap(Map.of("pve01", "x:iso/a", "pve02", "y")))));
        JsonObject outputs = read(path).object("outputs");
        assertEquals(
                "{\"m\":{\"value\":{\"pve01\":\"x:iso/a\",\"pve02\":\"y\"},\"type\":[\"map\",\"string\"]},"
                        + "\"sec\":{\"value\":\"new\",\"type\":\"string\",\"sensitive\":true}}",
                outputs == null ? null : outputs.compact());
        assertEquals("0.13.7", read(path).text("terraform_version"));
        assertEquals(2L, read(path).whole("serial"));
    }

    @Test
    void keepsForeignMembersAndRaisesTheSerial(@TempDir Path dir) throws Exception {
        String resources = """
                [{"mode":"managed","type":"null_resource","name":"x","provider":"provider[\\"a/b\\"]","instances":[\
                {"index_key":1,"schema_version":0,"attributes":{"id":"8674665223082153551","f":1.10,"e":1e400},\
                "sensitive_attributes":[],"private":"bnVsbA=="}]}]""";
        String checks = "[{\"object_kind\":\"check\",\"config_addr\":\"check.a\",\"status\":\"pass\",\"objects\":[]}]";
        Path path = Files.writeString(dir.resolve("terraform.tfstate"), """
                {"version":4,"terraform_version":"99.1.0-beta2","serial":7,"lineage":"kept","later":{"a":[1.0]},
                 "outputs":{"old":{"value":1,"type":"number"}},
                 "resources":%s,"check_results":%s}""".formatted(resources, checks));
        byte[] before = Files.readAllBytes(path);
        StateFile file = StateFile.at(path);
        assertTrue(file.record(Map.of("new", Json.of(true))));
        assertEquals(
                """
                {"version":4,"terraform_version":"99.1.0-beta2","serial":8,"lineage":"kept","later":{"a":[1.0]},\
                "outputs":{"new":{"value":true,"type":"bool"}},\
                "resources":%s,"check_results":%s}""".formatted(resources.replace("1e400", "1E+400"), checks),
                read(path).compact());
        assertEquals(Map.of("new", Json.of(true)), file.outputs());

        assertEquals(List.of("terraform.tfstate", "terraform.tfstate.backup"), names(dir));
        assertEquals(
                new String(before, java.nio.charset.StandardCharsets.UTF_8),
                Files.readString(dir.resolve("terraform.tfstate.backup")));
    }

    @Test
    void theSameOutputsAgainChangeNothing(@TempDir Path dir) throws Exception {
        StateFile file = StateFile.at(dir.resolve("sub").resolve("terraform.tfstate"));
        assertTrue(file.record(Map.of("a", Json.of("b"))));
        FileTime then = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file.path(), then);
        Object key = Files.getAttribute(file.path(), "unix:ino");
        assertFalse(file.record(Map.of("a", Json.of("b"))));
        assertEquals(then, Files.getLastModifiedTime(file.path()));
        assertEquals(key, Files.getAttribute(file.path(), "unix:ino"));
        assertEquals(List.of("terraform.tfstate"), names(dir.resolve("sub")));
    }

    @Test
    void anEmptyFileIsNotAState(@TempDir Path dir) throws Exception {
        Path path = Files.createFile(dir.resolve("terraform.tfstate"));
        assertNull(StateFile.at(path).outputs());
        assertTrue(StateFile.at(path).record(Map.of()));
        assertEquals(1L, read(path).whole("serial"));
        assertEquals(List.of("terraform.tfstate"), names(dir), "an empty file is no backup");
    }

    @Test
    void permissionsAndLinksStay(@TempDir Path dir) throws Exception {
        Path real = Files.writeString(
                Files.createDirectories(dir.resolve("elsewhere")).resolve("s.json"), "{\"version\":4,\"serial\":1}");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(dir.resolve("terraform.tfstate"), Path.of("elsewhere", "s.json"));
        assertTrue(StateFile.at(link).record(Map.of("a", Json.of("b"))));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(2L, read(real).whole("serial"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(real)));
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("terraform.tfstate.backup"))));
        assertEquals(List.of("s.json"), names(real.resolveSibling("")));
    }

    @Test
    void aDanglingLinkIsNotAStateAndAWriteFollowsIt(@TempDir Path dir) throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("terraform.tfstate"), Path.of("new", "s.json"));
        assertNull(StateFile.at(link).outputs());
        assertTrue(StateFile.at(link).record(Map.of("a", Json.of("b"))));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(1L, read(dir.resolve("new/s.json")).whole("serial"));
    }

    @Test
    void aNewStateCanBeReadByOthersAsTheirMaskSays(@TempDir Path dir) throws Exception {
        Path path = dir.resolve("terraform.tfstate");
        StateFile.at(path).record(Map.of());
        assertEquals(
                Files.getPosixFilePermissions(Files.createFile(dir.resolve("other"))),
                Files.getPosixFilePermissions(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"version\":3} | has format version 3, expected 4: apply it once with Terraform 0.12 or newer",
                "{\"version\":5} | has format version 5, expected 4: a newer program wrote it; use a newer Talos Forge, too",
                "{\"version\":\"4\"} | has no format version, so it may not be a Terraform state",
                "{} | has no format version, so it may not be a Terraform state",
                "[4] | is not a JSON object",
                "{\"serial\":3,\"encrypted_data\":\"x\",\"encryption_version\":\"v0\"} | is encrypted by OpenTofu, and this program does not have the keys: give this unit its own state without encryption",
                "{\"version\":4,\"serial\":1.5,\"outputs\":{}} | has the serial 1.5, which cannot be increased",
            })
    void otherFormatsThanFourAreRefused(String text, String reported, @TempDir Path dir) throws Exception {
        Path path = Files.writeString(dir.resolve("terraform.tfstate"), text);
        IOException refused =
                assertThrows(IOException.class, () -> StateFile.at(path).record(Map.of("a", Json.of("b"))));
        assertEquals("Terraform state %s at offset 0 (0x0): %s".formatted(path, reported), refused.getMessage());
        assertEquals(text, Files.readString(path));
        assertEquals(List.of("terraform.tfstate"), names(dir));
    }

    @Test
    void invalidJsonIsRefusedWithItsPlace(@TempDir Path dir) throws Exception {
        Path path = Files.writeString(dir.resolve("terraform.tfstate"), "{\"version\":4,\n<<<<<<< HEAD\n");
        IOException refused =
                assertThrows(IOException.class, () -> StateFile.at(path).outputs());
        assertEquals(
                "Terraform state %s at offset 14 (0xe): has an unresolved git conflict from line 2 on".formatted(path),
                refused.getMessage());
    }

    @Test
    void aStateThatIsTooLargeIsRefused(@TempDir Path dir) throws Exception {
        Path path = dir.resolve("terraform.tfstate");
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.setLength((64L << 20) + 1);
        }
        IOException refused =
                assertThrows(IOException.class, () -> StateFile.at(path).outputs());
        assertEquals(
                "Terraform state %s at offset 0 (0x0): 67108865 bytes; the limit is 67108864".formatted(path),
                refused.getMessage());
    }

    @Test
    void aFolderIsRefused(@TempDir Path dir) {
        IOException refused =
                assertThrows(IOException.class, () -> StateFile.at(dir).outputs());
        assertEquals("Terraform state %s is a folder".formatted(dir), refused.getMessage());
    }

    @Test
    void listsOfDifferentLengthAreDifferent() {
        Json one = new JsonArray(List.of(Json.of(1)));
        assertTrue(OutputType.same(one, new JsonArray(List.of(new JsonNumber(new BigDecimal("1.0"))))));
        assertFalse(OutputType.same(one, new JsonArray(List.of(Json.of(1), Json.of(1)))));
        assertFalse(OutputType.same(one, Json.of(1)));
        assertFalse(OutputType.same(Json.ofMap(Map.of("a", "b")), Json.ofMap(Map.of("a", "c"))));
        assertFalse(OutputType.same(Json.ofMap(Map.of("a", "b")), Json.ofMap(Map.of("c", "b"))));
    }
}
