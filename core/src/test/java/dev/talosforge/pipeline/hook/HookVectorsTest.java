package dev.talosforge.pipeline.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.engine.Event;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.Forge;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.registry.RegistrySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hooks run as Terragrunt ran them: which, in which order, where, with which environment, and what becomes of
 * dependents. The trees are those of {@code core/src/test/resources/hooks}, with a small extension in the place of
 * their module. Only the usual folder is another one: the unit's, where Terragrunt takes its copy of the module, see
 * {@link HookPlace}.
 */
@Tag("reference")
class HookVectorsTest {
    private static final Path VECTORS = Path.of("core/src/test/resources/hooks");
    private static final String MODULE = "talos_extension";

    /** What comes out otherwise here, and why. */
    private static final Map<String, String> OTHERWISE = new TreeMap<>(Map.of(
            "destroy-hooks", "there is no command destroy",
            "prevent-destroy", "there is no command destroy",
            "suppress-stdout", "only apply runs hooks, and this is output",
            "ignore", "what failed has made nothing, and counts as failed; the same hooks run",
            "retry", "0.96.1 does not repeat hooks; as 1.1"));

    @TempDir
    Path folder = Path.of("");

    private final List<Event> events = new ArrayList<>();

    private static List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(VECTORS)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> hooksRunAsTerragruntRanThem() throws IOException {
        return names().stream()
                .filter(name -> !OTHERWISE.containsKey(name))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    JsonObject message = message(name);
                    assertEquals(shown(name, message, "v1.1.3"), shown(name, run(name, message)));
                    assertEquals(shown(name, message, "v0.96.1"), shown(name, run(name, message)));
                }));
    }

    @Test
    void whatComesOutOtherwiseIsListedWithAReason() throws Exception {
        assertTrue(names().containsAll(OTHERWISE.keySet()));
        assertEquals(17, names().size());
        assertEquals("failed [a2-on-error]", hooks(run("ignore", message("ignore"))));
        assertEquals(shown("retry", message("retry"), "v1.1.3"), shown("retry", run("retry", message("retry"))));
    }

    /** How a run ended, and what its hooks wrote. */
    private record Ran(boolean well, List<String> log) {}

    private static String hooks(Ran ran) {
        return (ran.well() ? "well " : "failed ")
                + ran.log().stream()
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .toList();
    }

    private static JsonObject message(String name) throws IOException {
        return JsonReader.readObject(name, Files.readAllBytes(VECTORS.resolve(name + "/said.json")));
    }

    private static String shown(String name, JsonObject message, String version) {
        JsonObject by = message.object(version);
        assertNotNull(by);
        List<String> log = new ArrayList<>();
        by.items("log")
                .forEach(line -> log.add(
                        line instanceof Json.JsonText(String text)
                                ? text.replace("/.terragrunt-cache/H/H", "")
                                : "no text"));
        return shown(name, new Ran(Json.of(0).equals(by.get("rc")), log));
    }

    /** Units that do not depend on each other may come in either order. */
    private static String shown(String name, Ran ran) {
        Iterable<String> lines =
                name.startsWith("run-all") || name.startsWith("exclude") ? new TreeSet<>(ran.log()) : ran.log();
        return (ran.well() ? "well\n" : "failed\n") + String.join("\n", lines);
    }

    private Ran run(String name, JsonObject message) throws Exception {
        Path tree = Files.createTempDirectory(folder.toRealPath(), name);
        Path log = tree.resolve("log");
        Files.createFile(log);
        copy(VECTORS.resolve(name + "/tree"), tree);
        Files.writeString(
                tree.resolve("h.sh"), Files.readString(VECTORS.resolve("h.sh")).replace("TF_VAR_a-", "TF_VAR_name-"));
        Map<String, String> environment =
                Map.of("LOG", log.toString(), "PATH", String.valueOf(System.getenv("PATH")), "TG_TF_PATH", "terraform");
        Forge forge = new Forge(
                ContextSample.in(tree.resolve("work"), events, RegistrySettings.none(), true),
                RunSettings.plain(environment, () -> Instant.EPOCH));
        Path where = tree.resolve(String.valueOf(message.text("folder")));
        List<UnitResult> results = message.items("command").contains(Json.of("--all"))
                ? forge.applyAll(where, RunQueue.all(1))
                : List.of(forge.apply(where));
        boolean well = results.stream()
                .allMatch(result ->
                        result.ending() == UnitResult.Ending.APPLIED || result.ending() == UnitResult.Ending.EXCLUDED);
        List<String> lines =
                Files.readString(log).replace(tree.toString(), "$TREE").lines().toList();
        return new Ran(well, lines);
    }

    /** With a unit of ours in the place of theirs. */
    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                    continue;
                }
                String text = Files.readString(one);
                Files.writeString(
                        target,
                        text.replace("sleep_interval_sec = 1", "sleep_interval_sec = 0")
                                .replace("\"../../m\"", "\"../../" + MODULE + "\"")
                                .replace("inputs = { a = \"in\" }", inputs(text)));
                if (target.endsWith("terragrunt.hcl")) {
                    if (!text.contains("inputs = ")) {
                        Files.writeString(target, Files.readString(target) + inputs(text));
                    }
                }
            }
        }
    }

    /** What fails in their module fails here because of a source that does not exist. */
    private static String inputs(String unit) {
        String source = unit.contains("boom")
                ? "{ image = \"oci:boom:latest\" }"
                : "{ files = { \"usr/local/share/hello.txt\" = \"text\" } }";
        return """
                inputs = {
                  name               = "in"
                  version            = "v1.0.0"
                  extension_registry = "oci:image"
                  sources            = [%s]
                }
                """.formatted(source);
    }
}
