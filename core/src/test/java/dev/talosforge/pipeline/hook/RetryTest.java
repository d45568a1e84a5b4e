package dev.talosforge.pipeline.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.engine.Event;
import dev.talosforge.pipeline.Forge;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.registry.RegistrySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A unit that fails is tried again where its errors block says so, as Terragrunt does it. */
class RetryTest {
    private static final String FAILS = """
            terraform {
              source = "../talos_extension"
            }
            inputs = {
              name               = "a"
              version            = "v1.0.0"
              extension_registry = "oci:image"
              sources            = [{ image = "oci:boom:latest" }]
            }
            """;

    @TempDir
    Path folder;

    private final List<Event> events = new ArrayList<>();

    /** How a unit ended, and how often it was tried again. */
    private String applied(String unit, Map<String, String> environment) throws Exception {
        return applied(unit, RunSettings.plain(environment, () -> Instant.EPOCH));
    }

    private String applied(String unit, RunSettings settings) throws Exception {
        Path unitFolder = Files.createDirectories(folder.resolve("unit"));
        Files.writeString(unitFolder.resolve("terragrunt.hcl"), unit);
        events.clear();
        Forge forge =
                new Forge(ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), true), settings);
        UnitResult result = forge.apply(unitFolder);
        String problems = result.problems().stream()
                .map(problem -> problem.what() + ": " + problem.why())
                .collect(Collectors.joining("\n"));
        return result.ending() + " " + tried() + (result.ending() == UnitResult.Ending.FAILED ? "" : problems);
    }

    private long tried() {
        return events.stream()
                .filter(event -> event.toString().contains("failed; retrying in 0 s"))
                .count();
    }

    private static String retry(String name, int attempts, String... errors) {
        return """
                errors {
                  retry "%s" {
                    retryable_errors   = [%s]
                    max_attempts       = %d
                    sleep_interval_sec = 0
                  }
                }
                """.formatted(name, String.join(", ", List.of(errors)), attempts);
    }

    @Test
    void itIsTriedAsOftenAsTheBlockSays() throws Exception {
        assertEquals("FAILED 2", applied(FAILS + retry("r", 3, "\".*boom.*\""), Map.of()));
        assertTrue(events.toString().contains("3 of 3, by retry \"r\": "), events::toString);
        assertEquals("FAILED 0", applied(FAILS + retry("r", 1, "\".*boom.*\""), Map.of()));
    }

    @Test
    void otherFailuresAreNotTriedAgain() throws Exception {
        assertEquals("FAILED 0", applied(FAILS + retry("r", 3, "\"timeout\""), Map.of()));
        assertEquals("FAILED 0", applied(FAILS + retry("r", 3, "\"!.*boom.*\"", "\".*\""), Map.of()));
        assertEquals("FAILED 2", applied(FAILS + retry("r", 3, "\"!.*timeout.*\"", "\".*\""), Map.of()));
    }

    @Test
    void itIsSwitchedOffAsInTerragrunt() throws Exception {
        RunSettings settings = RunSettings.plain(Map.of(), () -> Instant.EPOCH).withRetries(false);
        assertEquals("FAILED 0", applied(FAILS + retry("r", 3, "\".*\""), settings));
    }

    @Test
    void blocksOfAnIncludeCount() throws Exception {
        Files.writeString(folder.resolve("root.hcl"), retry("r", 4, "\".*boom.*\""));
        assertEquals("FAILED 3", applied("include \"root\" {\n  path = \"../root.hcl\"\n}\n" + FAILS, Map.of()));
    }

    @Test
    void aBlockThatIsWrongIsReported() throws Exception {
        Path unit = Files.createDirectories(folder.resolve("unit"));
        Files.writeString(unit.resolve("terragrunt.hcl"), FAILS + retry("r", 0, "\"x\""));
        Forge forge = new Forge(
                ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), true),
                RunSettings.plain(Map.of(), () -> Instant.EPOCH));
        assertEquals(
                "max_attempts is not a whole number from 1",
                forge.apply(unit).problems().getFirst().why());
    }
}
