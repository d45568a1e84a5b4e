package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.problem.BuildException;
import dev.talosforge.support.JsonDifferences;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a consumer is given before and after the first apply of what it depends on, for each way to write mocks. */
@Tag("conformance")
class TerragruntMocksTest {
    private static final List<String> COMMANDS = List.of("validate", "plan", "apply");
    private static final String ALLOWED = "mock_outputs_allowed_terraform_commands = ";

    /** Every value that comes from a mock has this in it, and no value of the maker has. */
    private static final String MOCK = "mock";

    private static final Json NO_MOCKS = Json.object().build();

    private static final String MOCKS = """
              mock_outputs = {
                a = "mock"
                m = "only in the mock"
                o = { x = { mock = 2, both = "mock" }, y = "mock", l = ["mock"], e = {} }
              }
            """;

    @TempDir
    private Path folder = Path.of("");

    static Stream<Judge> versions() {
        return Terragrunt.versions();
    }

    /** What stands in the dependency block of each consumer, by the consumer's name. */
    private static SequencedMap<String, String> blocks() {
        SequencedMap<String, String> blocks = new LinkedHashMap<>();
        blocks.put("none", "");
        blocks.put("plain", MOCKS);
        blocks.put("no-mock", "mock_outputs = {}\n");
        blocks.put("plan", MOCKS + ALLOWED + "[\"plan\"]\n");
        blocks.put("validate", MOCKS + ALLOWED + "[\"init\", \"validate\"]\n");
        blocks.put("apply", MOCKS + ALLOWED + "[\"apply\"]\n");
        blocks.put("no-command", MOCKS + ALLOWED + "[]\n");
        blocks.put("skipped", MOCKS + "skip_outputs = true\n");
        blocks.put("skipped-plan", MOCKS + ALLOWED + "[\"plan\"]\nskip_outputs = true\n");
        blocks.put("skipped-bare", "skip_outputs = true\n");
        blocks.put("disabled", MOCKS + "enabled = false\n");
        blocks.put("disabled-plan", MOCKS + ALLOWED + "[\"plan\"]\nenabled = false\n");
        blocks.put("disabled-bare", "enabled = false\n");
        blocks.put("older-name", MOCKS + "mock_outputs_merge_with_state = true\n");
        for (String strategy : List.of("no_merge", "shallow", "deep_map_only")) {
            String merged = MOCKS + "mock_outputs_merge_strategy_with_state = \"" + strategy + "\"\n";
            blocks.put(strategy, merged);
            blocks.put(strategy + "-plan", merged + ALLOWED + "[\"plan\", \"validate\"]\n");
            blocks.put(strategy + "-apply", merged + ALLOWED + "[\"apply\"]\n");
        }
        return blocks;
    }

    private JudgedTree tree(Judge judge, Path log) throws Exception {
        JudgedTree tree = JudgedTree.in(folder, judge, new TreeMap<>(Map.of("LOG", log.toString())))
                .file("modules/maker/main.tf", """
                        output "a" { value = "real" }
                        output "o" { value = { x = { real = 1, both = "real" }, l = ["real"], e = { k = null } } }
                        """)
                .file("modules/consumer/main.tf", "variable \"seen\" { type = any }\n")
                .file("maker/terragrunt.hcl", "terraform { source = \"../modules/maker\" }\n");
        for (Map.Entry<String, String> block : blocks().entrySet()) {
            tree.file("live/" + block.getKey() + "/terragrunt.hcl", """
                    terraform {
                      source = "../../modules/consumer"
                      before_hook "log" {
                        commands = ["validate", "plan", "apply"]
                        execute  = ["sh", "-c", "echo %s \\"$TF_VAR_seen\\" >> \\"$LOG\\""]
                      }
                    }
                    dependency "maker" {
                      config_path = "../../maker"
                      %s
                    }
                    inputs = { seen = dependency.maker.outputs }
                    """.formatted(block.getKey(), block.getValue()));
        }
        return tree;
    }

    /** What the real program gives to each consumer; one that it refuses is missing. */
    private static SortedMap<String, Json> real(JudgedTree tree, String command, Path log) throws Exception {
        Files.writeString(log, "");
        tree.terragrunt().run(tree.at("live"), "run", "--all", "--queue-ignore-errors", command);
        SortedMap<String, Json> given = new TreeMap<>();
        for (String line : Files.readAllLines(log)) {
            String[] parts = line.split(" ", 2);
            given.put(parts[0], JsonReader.read(line, parts[1].getBytes(UTF_8)));
        }
        return given;
    }

    /** What ours gives to each; null where it is not known, and missing where that is a problem. */
    private static SortedMap<String, Json> ours(JudgedTree tree, String command) {
        MockPolicy mocks = command.equals("apply") ? MockPolicy.REAL_ONLY : MockPolicy.MOCKS_ALLOWED;
        TreeSession session =
                TreeSession.at(tree.at("live"), command, mocks, RunSettings.plain(Map.of(), () -> Instant.EPOCH));
        SortedMap<String, Json> given = new TreeMap<>();
        for (UnitTree.Node node : session.tree().nodes()) {
            try {
                Value seen = session.evaluate(node).inputs().get("seen");
                given.put(node.name(), seen == null ? Json.ofNull() : ValueJson.toJson(seen));
            } catch (BuildException e) {
                assertFalse(e.problems().isEmpty());
            }
        }
        return given;
    }

    private static void assertSame(String when, SortedMap<String, Json> real, SortedMap<String, Json> ours) {
        Json.Builder theirs = Json.object();
        Json.Builder own = Json.object();
        for (String name : blocks().keySet()) {
            theirs.put(name, real.getOrDefault(name, Json.ofNull()));
            own.put(name, ours.getOrDefault(name, Json.ofNull()));
        }
        assertEquals(List.of(), JsonDifferences.of(when, theirs.build(), own.build()));
    }

    /** The one difference that is meant: an apply of ours is never given a mock, allowed or not. */
    private static void assertNoMocks(String when, SortedMap<String, Json> real, SortedMap<String, Json> ours) {
        SortedMap<String, Json> unmocked = new TreeMap<>(real);
        unmocked.values().removeIf(value -> value.compact().contains(MOCK) || value.equals(NO_MOCKS));
        SortedMap<String, Json> compared = new TreeMap<>(ours);
        compared.keySet().removeIf(name -> real.containsKey(name) && !unmocked.containsKey(name));
        assertSame(when, unmocked, compared);
        ours.forEach((name, value) -> assertFalse(value.compact().contains(MOCK), () -> name + ": " + value.compact()));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theSameConsumersAreGivenTheSame(Judge judge) throws Exception {
        Path log = folder.resolve("log");
        JudgedTree tree = tree(judge, log);
        for (String when : List.of("before the apply", "after it")) {
            for (String command : COMMANDS) {
                SortedMap<String, Json> real = real(tree, command, log);
                SortedMap<String, Json> ours = ours(tree, command);
                String place = "%s, %s".formatted(command, when);
                if (command.equals("apply")) {
                    assertNoMocks(place, real, ours);
                } else {
                    assertSame(place, real, ours);
                }
            }
            tree.real("maker", "apply", "-auto-approve", "-input=false");
        }
    }
}
