package dev.talosforge.config.terragrunt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.config.TreeFolder;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.config.unit.ProgramRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a tree before its inputs are evaluated. */
class DiscoveryTest {
    @TempDir
    Path folder;

    private TreeFolder tree;

    @BeforeEach
    void tree() {
        tree = TreeFolder.in(folder);
    }

    private String discovered(EvaluationSettings settings) {
        StringBuilder out = new StringBuilder();
        for (DiscoveredUnit found : Workspace.open(tree.root(), settings).discover()) {
            out.append(
                    switch (found) {
                        case DiscoveredUnit.Outline unit ->
                            "%s %s needs %s%s%s"
                                    .formatted(
                                            unit.name(),
                                            unit.module(),
                                            unit.dependencies().stream()
                                                    .map(path -> tree.root().relativize(path))
                                                    .toList(),
                                            unit.excluded() ? " excluded" : "",
                                            unit.dependenciesExcluded() ? " with dependencies" : "");
                        case DiscoveredUnit.Broken broken -> broken.name() + ": " + tree.shown(broken.problems());
                    });
            out.append('\n');
        }
        return out.toString();
    }

    private static EvaluationSettings applying() {
        return EvaluationSettings.applying(Map.of(), OutputsSource.none(), ProgramRunner.refused());
    }

    @Test
    void needsNeitherInputsNorOutputs() {
        tree.file("root.hcl", "dependency \"base\" {\n  config_path = \"../base\"\n}\n")
                .file("base/terragrunt.hcl", "terraform {\n  source = \"../m/talos_extension\"\n}\n")
                .file("a/terragrunt.hcl", """
                        include "root" {
                          path = find_in_parent_folders("root.hcl")
                        }
                        terraform {
                          source = "../m//talos_images"
                        }
                        dependencies {
                          paths = ["../b", "../base"]
                        }
                        dependency "off" {
                          config_path = "../nowhere"
                          enabled     = false
                        }
                        inputs = { a = dependency.base.outputs.x, b = local.nowhere }
                        """)
                .file("b/terragrunt.hcl", "inputs = { a = 1 / 0 }\n")
                .file("c/terragrunt.hcl", "dependency \"x\" {\n  config_path = \"../x\"\n}\n")
                .file("d/terragrunt.hcl", "inputs = {\n")
                .file("live/terragrunt.stack.hcl", "")
                .file("made/terragrunt.stack.hcl", """
                        unit "e" {
                          source = "git::https://example.org/catalog.git//e?ref=v1"
                          path   = "e"
                        }
                        """)
                .file("made/.terragrunt-stack/e/terragrunt.hcl", "inputs = { a = values.a }\n")
                .file("made/.terragrunt-stack/e/terragrunt.values.hcl", "a = 1\n");
        assertEquals("""
                a talos_images needs [base, b]
                b null needs []
                base talos_extension needs []
                c: c/terragrunt.hcl:2:17+6 cannot use dependency "x": there is no terragrunt.hcl in x
                d: d/terragrunt.hcl:1:10+1 cannot parse terragrunt.hcl: this "{" is never closed
                made/.terragrunt-stack/e null needs []
                live: live/terragrunt.stack.hcl:1:1+1 cannot read the stack in live: it has neither a unit nor a stack
                """, discovered(applying()));
        assertEquals("1", tree.input("made/.terragrunt-stack/e", "a"));
    }

    @Test
    void unitsSayThatTheyAreLeftOut() {
        tree.file("a/terragrunt.hcl", "skip = true\n")
                .file(
                        "b/terragrunt.hcl",
                        "exclude {\n  if = \"true\"\n  actions = [\"APPLY\"]\n  exclude_dependencies = true\n}\n")
                .file("c/terragrunt.hcl", "exclude {\n  if = true\n  actions = [\"plan\"]\n}\n")
                .file("d/terragrunt.hcl", "exclude {\n  if = true\n  actions = [\"all_except_output\"]\n}\n")
                .file("e/terragrunt.hcl", "exclude {\n  if = false\n  actions = [\"all\"]\n}\n");
        assertEquals("""
                a null needs [] excluded
                b null needs [] excluded with dependencies
                c null needs []
                d null needs [] excluded
                e null needs []
                """, discovered(applying()));
        EvaluationSettings output = new EvaluationSettings(
                "output", new TreeMap<>(), OutputsSource.none(), MockPolicy.UNKNOWN_ALLOWED, ProgramRunner.refused());
        assertEquals("""
                a null needs [] excluded
                b null needs []
                c null needs []
                d null needs []
                e null needs []
                """, discovered(output));
    }

    @Test
    void hiddenFoldersAreSearchedButCachesAreNot() {
        for (String unit : List.of(".cloud/a", ".terragrunt-cache/b", "c/.terraform/modules/d", ".git/e")) {
            tree.file(unit + "/terragrunt.hcl", "");
        }
        assertEquals(List.of(tree.root().resolve(".cloud/a")), tree.open().units());
    }
}
