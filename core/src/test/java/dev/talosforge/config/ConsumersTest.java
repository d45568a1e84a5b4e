package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.problem.BuildException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What units of other modules do must not stop a look at the tree, and what it says must be true of them. */
class ConsumersTest {
    @TempDir
    Path folder;

    private TreeFolder tree;

    @BeforeEach
    void tree() {
        tree = TreeFolder.in(folder);
        tree.file("build/terragrunt.hcl", "terraform {\n  source = \"../m/talos_images\"\n}\n");
    }

    @Test
    void secretsAreNotOpenedForALook() {
        tree.file("secrets.sops.yaml", "token: ENC[x]\n").file("flux/terragrunt.hcl", """
                locals {
                  secrets = yamldecode(sops_decrypt_file("${get_terragrunt_dir()}/../secrets.sops.yaml"))
                  token   = try(local.secrets.token, "none")
                }
                inputs = {
                  token = local.token
                  text  = "token ${local.secrets.token}"
                  name  = "flux"
                  all   = merge({ a = 1 }, local.secrets)
                }
                """);
        assertEquals("null", tree.input("flux", "token"));
        assertEquals("null", tree.input("flux", "text"));
        assertEquals("null", tree.input("flux", "all"));
        assertEquals("\"flux\"", tree.input("flux", "name"));
    }

    @Test
    void aSecretThatIsMissingIsAProblemAnyway() {
        tree.file("flux/terragrunt.hcl", "inputs = { a = sops_decrypt_file(\"gone.yaml\") }\n");
        assertEquals(
                "flux/terragrunt.hcl:1:34+11 cannot call sops_decrypt_file: there is no file flux/gone.yaml",
                tree.problems("flux"));
    }

    @Test
    void anInputFromAProgramIsKnownOnlyWhenItIsApplied() {
        tree.file("u/terragrunt.hcl", "inputs = { iso_name = run_cmd(\"name\") }\n");
        Inputs inputs = Inputs.of(tree.unit("u"));
        assertEquals("", inputs.text("iso_name"));
        assertEquals(
                "u/terragrunt.hcl:1:23+15 cannot use input \"iso_name\" of u: it is known only when it is applied: it"
                        + " comes from a program or from outputs that are not recorded yet",
                tree.shown(assertThrows(BuildException.class, inputs::check).problems()));
    }

    @Test
    void stateAtAPlaceThatAProgramSaysIsNotGuessed() {
        tree.file(
                "u/terragrunt.hcl",
                "remote_state {\n  backend = \"local\"\n  config = { path = run_cmd(\"where\") }\n}\n");
        assertEquals(
                "u/terragrunt.hcl:1:1+12 cannot use this remote_state: its path is known only when it"
                        + " is applied: it comes from a program or from outputs that are not recorded yet",
                tree.problems("u"));
    }

    private void consumer(String dependency) {
        tree.file(
                "c/terragrunt.hcl",
                "dependency \"build\" {\n  config_path = \"../build\"\n  " + dependency
                        + "\n}\ninputs = { a = dependency.build.outputs.kubernetes_version }\n");
    }

    @Test
    void aMockThatIsMissingIsReportedAsOne() {
        consumer("mock_outputs = { iso_path = \"x\" }");
        assertEquals(
                "c/terragrunt.hcl:5:16+43 dependency \"build\" has no output \"kubernetes_version\": it is not applied"
                        + " yet, and its mock_outputs have iso_path | add kubernetes_version to its mock_outputs",
                tree.problems("c"));
        consumer("mock_outputs = { kubernetes_versoin = \"x\" }");
        assertEquals(
                "c/terragrunt.hcl:5:16+43 dependency \"build\" has no output \"kubernetes_version\": it is not applied"
                        + " yet, and its mock_outputs have kubernetes_versoin | did you mean \"kubernetes_versoin\"?",
                tree.problems("c"));
        consumer("skip_outputs = true");
        assertEquals(
                "c/terragrunt.hcl:5:16+43 dependency \"build\" has no output \"kubernetes_version\": its skip_outputs"
                        + " is true",
                tree.problems("c"));
    }

    @Test
    void outputsThatAreSkippedAreNoEmptyObject() {
        String whole = """
                dependency "build" {
                  config_path = "../build"
                  skip_outputs = true
                %s}
                inputs = { a = dependency.build.outputs }
                """;
        tree.file("c/terragrunt.hcl", whole.formatted(""));
        assertEquals(
                "c/terragrunt.hcl:5:16+24 dependency \"build\" has no outputs: its skip_outputs is true",
                tree.problems("c"));
        String mock = "  mock_outputs = { x = 1 }\n  mock_outputs_allowed_terraform_commands = [\"%s\"]\n";
        tree.file("c/terragrunt.hcl", whole.formatted(mock.formatted("plan")));
        assertEquals("null", tree.input("c", "a")); // not known to validate
        tree.file("c/terragrunt.hcl", whole.formatted(mock.formatted("validate")));
        assertEquals("{\"x\":1}", tree.input("c", "a"));
    }

    @Test
    void anOutputThatIsMissingIsReportedAsOne() {
        consumer("");
        Workspace recorded = Workspace.open(
                tree.root(),
                new EvaluationSettings(
                        "plan",
                        new TreeMap<>(),
                        (_, _) -> new TreeMap<>(Map.of("iso_path", Value.of("x"))),
                        MockPolicy.MOCKS_ALLOWED,
                        ProgramRunner.refused()));
        assertEquals(
                "c/terragrunt.hcl:5:16+43 dependency \"build\" has no output \"kubernetes_version\": recorded:"
                        + " iso_path",
                tree.problems(recorded, "c"));
    }

    @Test
    void aGraphNeedsNoMocks() {
        consumer("mock_outputs = { iso_path = \"x\" }");
        Workspace graph = Workspace.open(
                tree.root(),
                new EvaluationSettings(
                        "graph",
                        new TreeMap<>(),
                        OutputsSource.none(),
                        MockPolicy.UNKNOWN_ALLOWED,
                        ProgramRunner.refused()));
        assertEquals("none", tree.problems(graph, "c"));
    }

    @Test
    void outputsAreAskedByTheirName() {
        consumer("mock_outputs = { kubernetes_version = \"v1\" }");
        assertEquals("\"v1\"", tree.input("c", "a"));
        tree.file("d/terragrunt.hcl", """
                dependency "build" {
                  config_path  = "../build"
                  mock_outputs = { a = 1 }
                }
                inputs = {
                  b = dependency.build.outputs["a"]
                  c = dependency.build
                  a = dependency.build.a
                }
                """);
        assertEquals(
                "d/terragrunt.hcl:8:7+18 unknown attribute \"a\": a dependency has outputs | write:"
                        + " dependency.build.outputs",
                tree.problems("d"));
    }
}
