package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks on the command line: what they say is no result, and how they are switched off. */
@Tag("reference")
class HookCommandsTest {
    @TempDir
    Path folder = Path.of("");

    private final TreeMap<String, String> environment = new TreeMap<>();
    private Path unit = Path.of("");

    @BeforeEach
    void makeUnit() throws IOException {
        Path root = folder.toRealPath();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", root.toString());
        environment.put("TALOS_FORGE_STORE", root.resolve("store").toString());
        environment.put("STATUS", "0");
        unit = Files.createDirectories(root.resolve("tree/u"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform {
                  source = "../modules/talos_extension"
                  after_hook "say" {
                    commands = ["plan", "apply", "output", "validate"]
                    execute  = ["sh", "-c", "echo out; echo err >&2; exit $STATUS"]
                  }
                }
                inputs = {
                  name               = "hello"
                  version            = "v1.0.0"
                  extension_registry = "oci:image"
                  sources            = [{ files = { "usr/local/share/hello.txt" = "hello" } }]
                }
                """);
    }

    private CommandLineRun run(String... args) {
        return CommandLineRun.in(unit, environment, args);
    }

    private static List<String> hookLines(CommandLineRun run) {
        return run.err()
                .lines()
                .filter(line -> line.contains("say"))
                .filter(line -> !line.contains("step_"))
                .toList();
    }

    @Test
    void whatAHookSaysIsNoResult() throws Exception {
        CommandLineRun json = run("apply", "--json");
        assertEquals(0, json.code(), json::err);
        assertTrue(JsonReader.readObject("out", json.out().getBytes(UTF_8)).get("u") != null, json::out);
        assertEquals(
                List.of(
                        "{\"type\":\"hook_output\",\"unit\":\"u\",\"hook\":\"say\",\"text\":\"out\"}",
                        "{\"type\":\"hook_output\",\"unit\":\"u\",\"hook\":\"say\",\"text\":\"err\"}"),
                hookLines(json));
        CommandLineRun all = CommandLineRun.in(folder.toRealPath().resolve("tree"), environment, "run-all", "apply");
        assertFalse(all.out().contains("say") || all.out().contains("out\n"), all::out);
        assertTrue(all.err().contains("u  say: out\nu  say: err\n"), all::err);
    }

    @Test
    void onlyAnApplyRunsHooks() {
        assertEquals(0, run("apply", "--no-hooks").code());
        for (String command : List.of("validate", "plan", "output", "render", "graph")) {
            CommandLineRun run = run(command);
            assertEquals(0, run.code(), run::err);
            assertEquals(List.of(), hookLines(run), command);
        }
    }

    @Test
    void hooksAreSwitchedOffByOptionOrVariable() {
        assertEquals(List.of(), hookLines(run("apply", "--no-hooks")));
        assertEquals(List.of(), hookLines(run("--no-hooks", "apply")));
        environment.put("TG_NO_HOOKS", "true");
        assertEquals(List.of(), hookLines(run("apply")));
        environment.put("TG_NO_HOOKS", "false");
        assertEquals(
                2,
                hookLines(run("apply")).stream()
                        .filter(line -> line.contains("say: "))
                        .count());
    }

    @Test
    void aHookThatFailsEndsTheCommandWithFive() {
        environment.put("STATUS", "42");
        CommandLineRun run = run("apply").withoutFolder(unit);
        assertEquals(5, run.code());
        assertTrue(run.err().endsWith("""
                error: cannot run after_hook "say" of u
                  where: terragrunt.hcl:3:3
                    3 |   after_hook "say" {
                      |   ^^^^^^^^^^^^^^^^
                  why:   sh -c 'echo out; echo err >&2; exit $STATUS' exited with code 42
                  try:   run the unit without hooks: talos-forge -C %s apply --no-hooks
                """.formatted(unit)), run::err);
    }
}
