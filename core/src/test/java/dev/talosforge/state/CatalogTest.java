package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
    @Test
    void isPlainSortedJson(@TempDir Path dir) throws Exception {
        Catalog catalog = Catalog.at(dir.resolve("sub/catalog.json"));
        assertEquals(Map.of(), catalog.entries());
        Map<String, Json> outputs = new LinkedHashMap<>();
        outputs.put("talos_version", Json.of("v1.11.5"));
        outputs.put("iso_name", Json.of("a.iso"));
        assertTrue(catalog.record("artifacts/images", "talos_images", outputs));
        assertTrue(catalog.record("artifacts/extension", Map.of("tag", Json.ofNull())));
        assertFalse(catalog.record("artifacts/images", "talos_images", outputs));
        assertEquals("""
                {
                  "version": 1,
                  "units": {
                    "artifacts/extension": {
                      "outputs": {
                        "tag": null
                      }
                    },
                    "artifacts/images": {
                      "module": "talos_images",
                      "outputs": {
                        "iso_name": "a.iso",
                        "talos_version": "v1.11.5"
                      }
                    }
                  }
                }
                """, Files.readString(dir.resolve("sub/catalog.json")));
        assertEquals(
                List.of("artifacts/extension", "artifacts/images"),
                List.copyOf(catalog.entries().keySet()));
        assertEquals(
                new Catalog.Entry("talos_images", new LinkedHashMap<>(outputs)),
                catalog.entries().get("artifacts/images"));
    }

    @Test
    void keepsWhatOthersAdded(@TempDir Path dir) throws Exception {
        Path path = Files.writeString(
                dir.resolve("c.json"), "{\"version\":1,\"note\":\"mine\",\"units\":{\"b\":{\"outputs\":{},\"x\":1}}}");
        Catalog.at(path).record("a", Map.of());
        assertEquals("""
                {
                  "version": 1,
                  "note": "mine",
                  "units": {
                    "a": {
                      "outputs": {}
                    },
                    "b": {
                      "outputs": {},
                      "x": 1
                    }
                  }
                }
                """, Files.readString(path));
    }

    @Tag("reference")
    @Test
    void unitsThatRecordAtTheSameTimeLoseNothing(@TempDir Path dir) throws Exception {
        Path path = dir.resolve("catalog.json");
        try (OtherProcess one = OtherProcess.start("catalog", path, "one");
                OtherProcess two = OtherProcess.start("catalog", path, "two");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String unit = "three" + i;
                Callable<Boolean> task = () -> Catalog.at(path).record(unit, Map.of("n", Json.of(1)));
                running.add(threads.submit(task));
            }
            for (Future<Boolean> each : running) {
                assertTrue(each.get());
            }
            assertEquals("done", one.line());
            assertEquals("done", two.line());
        }
        assertEquals(80, Catalog.at(path).entries().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | has no format version, so it may not be a catalog: set catalog_path to a file of its own",
                "{\"version\":2} | has format version 2, expected 1: a newer Talos Forge wrote it",
                "[] | is not a JSON object",
            })
    void whatIsNotACatalogIsRefusedAndKept(String text, String reported, @TempDir Path dir) throws Exception {
        Path path = Files.writeString(dir.resolve("c.json"), text);
        IOException refused =
                assertThrows(IOException.class, () -> Catalog.at(path).record("a", Map.of()));
        assertEquals("catalog %s at offset 0 (0x0): %s".formatted(path, reported), refused.getMessage());
        assertEquals(text, Files.readString(path));
    }

    @Test
    void anEntryWithoutOutputsIsNamed(@TempDir Path dir) throws Exception {
        Path path = Files.writeString(dir.resolve("c.json"), "{\"version\":1,\"units\":{\"a\":{\"outputs\":[]}}}");
        IOException refused =
                assertThrows(IOException.class, () -> Catalog.at(path).entries());
        assertEquals(
                "catalog %s at offset 0 (0x0): the unit \"a\" has no outputs".formatted(path), refused.getMessage());
    }
}
