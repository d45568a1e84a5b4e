package dev.talosforge.config.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.TreeFolder;
import dev.talosforge.config.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which hooks a unit has: their order and what stands for what was measured with Terragrunt 1.1.3 and 0.96.1. */
class HooksTest {
    @TempDir
    private Path folder;

    private TreeFolder tree = new TreeFolder(Path.of(""));

    @BeforeEach
    void makeTree() {
        tree = TreeFolder.in(folder);
    }

    private static String hook(String name, String says) {
        return "  before_hook \"%s\" {\n    commands = [\"apply\"]\n    execute = [\"echo\", \"%s\"]\n  }\n"
                .formatted(name, says);
    }

    private static String terraform(String... blocks) {
        return "terraform {\n" + String.join("", blocks) + "}\n";
    }

    private static String include(String name, String others) {
        return "include \"%1$s\" {\n  path = \"../%1$s.hcl\"\n%2$s}\n".formatted(name, others);
    }

    /** Kind, name, and what is run, one a line. */
    private String hooks(String unit) {
        return tree.unit(unit).hooks().all().stream()
                .map(hook -> "%s: %s".formatted(hook.title(), String.join(" ", hook.execute())))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void hooksOfIncludedFilesComeFirstAndAUnitsOwnTakeTheirPlace() {
        tree.file("root.hcl", terraform(hook("same", "root"), hook("root", "root")))
                .file("env.hcl", terraform(hook("env", "env"), hook("root", "env")))
                .file(
                        "u/terragrunt.hcl",
                        include("root", "")
                                + include("env", "  merge_strategy = \"deep\"\n")
                                + terraform(hook("own", "unit"), hook("same", "unit")));
        assertEquals("""
                before_hook "same": echo unit
                before_hook "root": echo env
                before_hook "env": echo env
                before_hook "own": echo unit""", hooks("u"));
    }

    @Test
    void hooksOfAFileThatIsNotMergedDoNotCount() {
        tree.file("root.hcl", terraform(hook("root", "root")))
                .file(
                        "u/terragrunt.hcl",
                        include("root", "  merge_strategy = \"no_merge\"\n") + terraform(hook("own", "unit")));
        assertEquals("before_hook \"own\": echo unit", hooks("u"));
    }

    @Test
    void twoOfOneNameBothRunUnlessTheFileMeetsAnother() {
        String twice = terraform(hook("same", "one"), hook("other", "o"), hook("same", "two"));
        tree.file("root.hcl", terraform(hook("root", "root")))
                .file("u/terragrunt.hcl", twice)
                .file("v/terragrunt.hcl", include("root", "") + twice);
        assertEquals("""
                before_hook "same": echo one
                before_hook "other": echo o
                before_hook "same": echo two""", hooks("u"));
        assertEquals("""
                before_hook "root": echo root
                before_hook "same": echo two
                before_hook "other": echo o""", hooks("v"));
    }

    @Test
    void onlyHooksThatCanRunHereAreEvaluated() {
        List<String> ran = new ArrayList<>();
        ProgramRunner programs = (command, _) -> {
            ran.add(String.join(" ", command));
            return "said\n";
        };
        tree.file("u/terragrunt.hcl", """
                terraform {
                  source = "modules//talos_images"
                  before_hook "elsewhere" {
                    commands = ["plan", "destroy", "*"]
                    execute  = [run_cmd("not-run"), local.no_such_value]
                  }
                  before_hook "off" {
                    commands = ["apply"]
                    if       = "false"
                    execute  = [run_cmd("not-run")]
                  }
                  after_hook "here" {
                    commands     = ["plan", "apply"]
                    execute      = [run_cmd("run"), 3, true]
                    working_dir  = "sub"
                    run_on_error = "true"
                    suppress_stdout = true
                  }
                  after_hook "read" {
                    commands = ["terragrunt-read-config"]
                    execute  = ["echo"]
                  }
                  before_hook "read" {
                    commands = ["terragrunt-read-config"]
                    execute  = ["echo"]
                  }
                }
                """);
        Unit unit = Workspace.open(tree.root(), EvaluationSettings.applying(Map.of(), OutputsSource.none(), programs))
                .evaluate(tree.root().resolve("u"));
        assertEquals(List.of("run"), ran);
        assertEquals(
                "[after_hook \"here\", after_hook \"read\"]",
                unit.hooks().all().stream().map(Hook::title).toList().toString());
        Hook here = unit.hooks().all().getFirst();
        assertEquals(List.of("said", "3", "true"), here.execute());
        assertEquals("sub", here.workingDirectory());
        assertTrue(here.runOnError() && here.suppressStdout());
        assertEquals(
                List.of("before_hook \"elsewhere\"", "before_hook \"read\""),
                unit.notes().stream()
                        .map(note -> note.substring(note.indexOf("before"), note.indexOf(" was")))
                        .toList());
    }

    @Test
    void lookingAtATreeRunsNoProgramForAHook() {
        tree.file("u/terragrunt.hcl", """
                terraform {
                  before_hook "b" {
                    commands = ["apply"]
                    execute  = ["echo", run_cmd("never")]
                  }
                  after_hook "c" {
                    commands = ["apply"]
                    execute  = ["echo", timestamp()]
                  }
                }
                """);
        assertEquals(
                "[one of its values comes from a program or from outputs that are not recorded yet,"
                        + " cannot call timestamp: its result differs from call to call,"
                        + " and the same inputs must give the same images]",
                tree.unit("u").hooks().all().stream()
                        .map(Hook::notKnown)
                        .toList()
                        .toString());
    }

    @Test
    void hooksOfAUnitThatIsNotRunHereAreLeftAlone() {
        tree.file("u/terragrunt.hcl", """
                terraform {
                  source = "x//talos_cluster"
                  before_hook "b" {
                    commands = ["apply"]
                    execute  = [local.no_such_value]
                  }
                }
                """);
        Unit unit = Workspace.open(
                        tree.root(), EvaluationSettings.validating(Map.of()).withOwnModules(List.of("talos_images")))
                .evaluate(tree.root().resolve("u"));
        assertTrue(unit.hooks().isEmpty());
        assertEquals(1, unit.notes().size());
    }

    @Test
    void whatCannotBeAHookIsReportedWithItsPlace() {
        tree.file("u/terragrunt.hcl", """
                terraform {
                  before_hook "empty" {
                    commands = ["apply"]
                    execute  = [""]
                  }
                }
                """);
        assertEquals(
                "u/terragrunt.hcl:4:16+4 cannot use execute of before_hook \"empty\": it names no program"
                        + " | write: execute = [\"PROGRAM\", \"ARGUMENT\"]",
                tree.problems("u"));
        tree.file("v/terragrunt.hcl", """
                terraform {
                  error_hook "e" {
                    commands  = ["apply"]
                    execute   = "echo"
                    on_errors = [".*"]
                  }
                }
                """);
        assertEquals(
                "v/terragrunt.hcl:4:17+6 cannot use execute of error_hook \"e\": expected a list of texts, found text",
                tree.problems("v"));
    }
}
