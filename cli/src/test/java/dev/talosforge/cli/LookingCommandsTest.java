package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that look at a tree show what can be read of it, with the problems beside; each takes a unit's folder. */
class LookingCommandsTest {
    @TempDir
    Path folder = Path.of("");

    private final TreeMap<String, String> environment = new TreeMap<>();
    private Path tree = Path.of("");

    @BeforeEach
    void makeTree() throws IOException {
        Path root = folder.toRealPath();
        tree = root.resolve("tree");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", root.toString());
        environment.put("TALOS_FORGE_STORE", root.resolve("store").toString());
        unit("cluster", """
                terraform {
                  source = "../modules//cluster"
                }
                dependency "note" {
                  config_path  = "../note"
                  mock_outputs = { extension_version = "mock" }
                }
                inputs = { version = dependency.note.outputs.extension_version }
                """);
        unit("note", """
                terraform {
                  source = "../modules//talos_extension"
                }
                inputs = {
                  name               = "note"
                  version            = "v1.0.0"
                  extension_registry = "oci:image"
                  sources            = [{ files = { "usr/local/share/note" = "hello" } }]
                }
                """);
        unit("out", "skip = true\ninputs = { a = 1 }\n");
    }

    private void unit(String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(tree.resolve(name)).resolve("terragrunt.hcl"), text);
    }

    /** One unit whose inputs are wrong, and one that cannot even be parsed. */
    private void breakTwo() throws IOException {
        unit("late", """
                dependencies {
                  paths = ["../note"]
                }
                inputs = { a = local.nothing }
                """);
        unit("torn", "inputs = {\n");
    }

    private CommandLineRun run(String... args) {
        return CommandLineRun.in(tree, environment, args);
    }

    @Test
    void aGraphShowsWhatCanBeRead() throws Exception {
        breakTwo();
        CommandLineRun text = run("graph");
        assertEquals(2, text.code());
        assertEquals("""
                cluster                              cluster (consumer)
                    needs  note
                           nothing is recorded yet; run: talos-forge -C TREE/note apply
                    state  never applied, or not from this machine
                late                                 no module
                    needs  note
                    problem  unknown name "local.nothing": there are no values called local.… here
                note                                 talos_extension
                    feeds  cluster
                    feeds  late
                out                                  no module
                torn                                 cannot be read
                    problem  cannot parse terragrunt.hcl: this "{" is never closed
                """, text.out().replace(tree.toString(), "TREE"));
        assertTrue(text.err().contains("error: unknown name \"local.nothing\"\n"), text::err);
        assertTrue(text.err().contains("error: cannot parse terragrunt.hcl\n"), text::err);
        CommandLineRun dot = run("graph", "--format", "dot");
        assertEquals(2, dot.code());
        assertTrue(dot.out().contains("  \"note\" -> \"late\";\n"), dot::out);
        assertTrue(dot.out().contains("  \"torn\" [style=dashed, label=\"torn\\nhas problems\"];\n"), dot::out);
        CommandLineRun mermaid = run("graph", "--format", "mermaid");
        assertEquals(2, mermaid.code());
        assertTrue(mermaid.out().contains("  u4[\"torn<br>has problems\"]\n"), mermaid::out);
    }

    @Test
    void aGraphAsJsonHasTheProblemsOfEachUnit() throws Exception {
        breakTwo();
        CommandLineRun run = run("--json", "graph");
        assertEquals(2, run.code());
        JsonArray units = (JsonArray) JsonReader.read("out", run.out().getBytes(UTF_8));
        assertEquals(
                List.of("cluster 1 0", "late 1 1", "note 0 0", "out 0 0", "torn 0 1"),
                units.items().stream()
                        .map(JsonObject.class::cast)
                        .map(unit -> "%s %d %d"
                                .formatted(
                                        unit.text("unit"),
                                        unit.items("dependencies").size(),
                                        unit.get("problems") == null
                                                ? 0
                                                : unit.items("problems").size()))
                        .toList());
    }

    @Test
    void renderShowsWhatCanBeEvaluated() throws Exception {
        breakTwo();
        CommandLineRun text = run("render");
        assertEquals(2, text.code());
        JsonObject shown = JsonReader.readObject("out", text.out().getBytes(UTF_8));
        assertEquals(
                List.of("cluster", "note", "out"),
                shown.members().keySet().stream().sorted().toList());
        assertTrue(text.err().contains("error: unknown name \"local.nothing\"\n"), text::err);
        CommandLineRun json = run("--json", "render");
        assertEquals(2, json.code());
        JsonObject all = JsonReader.readObject("out", json.out().getBytes(UTF_8));
        assertEquals(5, all.members().size());
        assertTrue(
                all.get("torn") instanceof JsonObject torn
                        && torn.items("problems").size() == 1,
                json::out);
        assertEquals(2, run("render", "late").code());
        assertEquals("", run("render", "late").out());
    }

    @Test
    void whatIsLeftOutIsListedAndRendered() throws Exception {
        CommandLineRun validate = run("validate");
        assertEquals(0, validate.code(), validate::toString);
        assertTrue(
                validate.out()
                        .contains(
                                "out                                  no module  (excluded: the unit excludes itself)\n"),
                validate::out);
        assertTrue(validate.out().contains("3 units, no problems"), validate::out);
        assertEquals("{\n  \"a\": 1\n}\n", run("render", "out").out());
        assertTrue(run("--json", "validate")
                .out()
                .contains("\"result\":\"excluded\",\"reason\":\"the unit excludes itself\""));
    }

    @Test
    void aFolderOfUnitsIsPlannedAsRunAllDoes() {
        CommandLineRun run = run("plan");
        assertEquals(0, run.code(), run::toString);
        assertEquals(withoutTimes(run("run-all", "plan").out()), withoutTimes(run.out()));
        assertTrue(run.out().contains("never applied"), run::out);
        assertEquals(2, run("plan", "--detailed-exitcode").code());
    }

    private static String withoutTimes(String text) {
        return text.replaceAll(" +\\d+\\.\\d s", "");
    }

    @Test
    void commandsTakeTheFolderOfAUnit() throws Exception {
        assertTrue(
                run("plan", "note").out().startsWith("note  "),
                () -> run("plan", "note").toString());
        CommandLineRun apply = run("apply", "note");
        assertEquals(0, apply.code(), apply::toString);
        assertTrue(Files.exists(tree.resolve("note/terraform.tfstate")));
        List<CommandLineRun> outputs = List.of(
                run("output", "note", "extension_version"),
                run("output", "./note/", "extension_version"),
                CommandLineRun.in(tree.resolve("note"), environment, "output", "extension_version"),
                CommandLineRun.in(tree.resolve("cluster"), environment, "output", "../note", "extension_version"));
        outputs.forEach(output -> assertEquals("\"v1.0.0\"\n", output.out(), output::err));
        assertTrue(run("output", "note").out().contains("extension_version  v1.0.0"));
        assertTrue(run("output", "note", "--json").out().contains("\"extension_version\":\"v1.0.0\""));
        assertEquals(2, run("output", "nothing").code());
        assertTrue(run("verify", "note").err().contains("cannot verify " + tree.resolve("note")));
        for (String command : List.of("plan", "apply", "output", "render", "verify")) {
            assertTrue(
                    run(command, "./gone").err().contains("error: cannot work in %s/gone\n".formatted(tree)), command);
        }
    }

    @Test
    void planAndApplyNameWhatIsNotManaged() throws Exception {
        for (String command : List.of("plan", "apply")) {
            Path report = folder.resolve(command + ".json");
            CommandLineRun run = run("run-all", command, "--report", report.toString());
            assertEquals(0, run.code(), run::toString);
            JsonObject cluster =
                    (JsonObject) JsonReader.readObject("report", Files.readAllBytes(report)).items("units").stream()
                            .filter(unit -> unit instanceof JsonObject object && "cluster".equals(object.text("unit")))
                            .findFirst()
                            .orElse(Json.object().build());
            assertEquals("not_managed", cluster.text("result"), command);
            assertEquals("cluster is not a Talos Forge module", cluster.text("reason"), command);
        }
    }

    @Test
    void unitsThatNeedEachOtherStopNothingElseThatIsLookedAt() throws Exception {
        unit("x", "dependencies {\n  paths = [\"../y\"]\n}\n");
        unit("y", "dependencies {\n  paths = [\"../x\"]\n}\n");
        CommandLineRun graph = run("graph");
        assertEquals(2, graph.code());
        assertTrue(graph.out().contains("""
                x                                    no module
                    needs  y
                    feeds  y
                    problem  cannot order the units below TREE: they depend on each other: x -> y -> x
                """.replace("TREE", tree.toString())), graph::out);
        CommandLineRun json = run("--json", "validate");
        assertEquals(2, json.code());
        assertTrue(json.out().contains("\"unit\":\"note\""), json::out);
        CommandLineRun apply = run("run-all", "apply");
        assertEquals(2, apply.code());
        assertEquals("", apply.out(), "nothing is run");
    }
}
