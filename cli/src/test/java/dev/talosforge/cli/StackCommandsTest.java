package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units that only a stack makes, on the command line: they are looked at, applied, and read by others. */
class StackCommandsTest {
    private static final String MADE = ".terragrunt-stack/";

    @TempDir
    Path folder = Path.of("");

    private final TreeMap<String, String> environment = new TreeMap<>();
    private Path live = Path.of("");

    @BeforeEach
    void makeTree() throws IOException {
        Path root = folder.toRealPath();
        live = root.resolve("live");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", root.toString());
        environment.put("TALOS_FORGE_STORE", root.resolve("store").toString());
        file(root.resolve(".git/HEAD"), "");
        file(root.resolve("catalog/note/terragrunt.hcl"), """
                terraform {
                  source = "${get_repo_root()}/modules//talos_extension"
                  after_hook "say" {
                    commands = ["apply"]
                    execute  = ["./say.sh", values.name]
                  }
                }
                inputs = {
                  name               = values.name
                  version            = "v1.0.0"
                  extension_registry = "oci:image"
                  sources            = [{ dir = "files" }]
                }
                """);
        file(root.resolve("catalog/note/files/usr/local/share/note"), "hello");
        Path script = root.resolve("catalog/note/say.sh");
        file(script, "#!/bin/sh\necho $1 > said\n");
        assertTrue(script.toFile().setExecutable(true));
        file(live.resolve("terragrunt.stack.hcl"), """
                unit "a" {
                  source = "../catalog/note"
                  path   = "a"
                  values = { name = "first" }
                }
                unit "b" {
                  source = "../catalog/note"
                  path   = "deep/b"
                  values = { name = "second" }
                  autoinclude {
                    dependency "a" {
                      config_path  = unit.a.path
                      mock_outputs = { extension_image = "mock" }
                    }
                    inputs = { description = "after ${dependency.a.outputs.extension_image}" }
                  }
                }
                """);
        file(live.resolve("reader/terragrunt.hcl"), """
                terraform {
                  source = "../../modules//cluster"
                }
                dependency "b" {
                  config_path  = "../.terragrunt-stack/deep/b"
                  mock_outputs = { extension_version = "mock" }
                }
                inputs = { image = dependency.b.outputs.extension_version }
                """);
    }

    private static void file(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private CommandLineRun run(String... args) {
        return CommandLineRun.in(live, environment, args);
    }

    private List<String> made() throws IOException {
        if (!Files.exists(live.resolve(MADE))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(live.resolve(MADE))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> live.resolve(MADE).relativize(file).toString())
                    .filter(file -> !file.contains("image/") && !file.contains(".terragrunt-cache"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void lookingWritesNothing() throws Exception {
        for (String command : List.of("validate", "graph", "plan", "render")) {
            CommandLineRun run = command.equals("plan") ? run("run-all", command) : run(command);
            assertTrue(run.out().contains(MADE + "a"), run::toString);
        }
        assertTrue(run("graph").out().contains("    needs  " + MADE + "a\n"));
        assertEquals(List.of(), made());
    }

    @Test
    void whatIsAppliedIsRecordedWhereTerragruntMakesTheUnit() throws Exception {
        CommandLineRun run = run("run-all", "apply");
        assertEquals(0, run.code(), run::toString);
        assertEquals(
                List.of(
                        "a/said",
                        "a/terraform.tfstate",
                        "a/terraform.tfstate.forge.json",
                        "deep/b/said",
                        "deep/b/terraform.tfstate",
                        "deep/b/terraform.tfstate.forge.json"),
                made());
        assertEquals("second\n", Files.readString(live.resolve(MADE + "deep/b/said")));
        CommandLineRun rendered = run("render");
        assertTrue(
                JsonReader.read("out", rendered.out().getBytes(UTF_8))
                        .compact()
                        .contains("\"reader\":{\"image\":\"v1.0.0\"}"),
                rendered::out);
        CommandLineRun there = CommandLineRun.in(live.resolve(MADE + "deep/b"), environment, "output", "--json");
        assertEquals(0, there.code(), there::toString);
        assertTrue(there.out().contains("/live/.terragrunt-stack/deep/b/image:v1.0.0"), there::out);
        assertEquals(
                0,
                CommandLineRun.in(live.resolve(MADE + "a"), environment, "plan").code());
    }

    @Test
    void oneUnitIsAppliedFromItsFolderThatIsMissing() throws Exception {
        CommandLineRun run = CommandLineRun.in(live.resolve(MADE + "a"), environment, "apply");
        assertEquals(0, run.code(), run::toString);
        assertEquals("first\n", Files.readString(live.resolve(MADE + "a/said")));
    }

    @Test
    void terragruntsWordsForStacksAreUnderstood() {
        assertEquals(
                withoutTimes(run("run-all", "plan").out()),
                withoutTimes(run("stack", "run", "plan").out()));
        assertEquals(run("run-all", "output").out(), run("stack", "output").out());
        CommandLineRun generate = run("stack", "generate");
        assertEquals(3, generate.code());
        assertEquals("""
                error: cannot stack "generate"
                  why:   units of stacks are read where Terragrunt would generate them; nothing needs to be generated
                  try:   skip it, and run: talos-forge run-all plan   (for Terragrunt itself: terragrunt stack generate)
                """, generate.err());
        assertEquals(2, run("stack", "rn").code());
    }

    private static String withoutTimes(String text) {
        return text.replaceAll(" +\\d+\\.\\d s", "");
    }

    @Test
    void aFolderThatNoStackMakesIsNone() {
        CommandLineRun run = CommandLineRun.in(live.resolve(MADE + "c"), environment, "plan");
        assertEquals(
                "error: cannot work in %s/%sc\n  why:   there is no such folder\n".formatted(live, MADE), run.err());
        assertEquals(2, run.code());
    }
}
