package dev.talosforge.cli;

import static dev.talosforge.cli.ModuleTrees.ARTIFACTS;
import static dev.talosforge.cli.ModuleTrees.IMAGES;
import static dev.talosforge.cli.ModuleTrees.REGISTRY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import dev.talosforge.tree.DiskTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the runner applied, the modules continue, and back; with states here and elsewhere. */
@Tag("conformance")
class TerragruntContinuationTest {
    private static final Judge NEWEST = Terragrunt.versions().toList().getFirst();
    private static final Judge EARLIER = Terragrunt.versions().toList().getLast();

    @RegisterExtension
    private static final SharedLab SHARED = new SharedLab();

    @TempDir
    private Path folder = Path.of("");

    private ModuleTrees trees() throws Exception {
        return ModuleTrees.in(SHARED.lab(), folder);
    }

    /** The outputs of the three units, as Terragrunt gives them. */
    private static List<String> outputs(JudgedTree tree) throws Exception {
        JsonObject extension = tree.outputs(ARTIFACTS + "/extension");
        return List.of(
                extension.compact(),
                tree.outputs(IMAGES).compact(),
                tree.outputs(REGISTRY).compact());
    }

    private static void assertUnchanged(JudgedTree tree) throws Exception {
        String plan = ModuleTrees.plan(tree);
        assertEquals(3, ModuleTrees.count(plan, "No changes."), plan);
    }

    @Test
    void theRunnerContinuesWhatModulesApplied() throws Exception {
        ModuleTrees trees = trees();
        JudgedTree tree = trees.example(NEWEST, Judge.only("tofu"));
        tree.real(ARTIFACTS, "run", "--all", "apply");
        List<String> outputs = outputs(tree);

        String plan = trees.ours(tree, ARTIFACTS, "run-all", "plan").out();
        assertEquals(3, ModuleTrees.count(plan, "no changes"), plan);
        CommandLineRun verified = trees.ours(tree, IMAGES, "verify");
        assertFalse(verified.out().contains("not proven"), verified::toString);
        trees.ours(tree, ARTIFACTS, "graph");
        trees.ours(tree, "live", "prune");

        CommandLineRun applied = trees.ours(tree, ARTIFACTS, "run-all", "apply");
        assertFalse(applied.err().contains("moved from"), applied::toString);
        assertEquals(outputs, outputs(tree));
        assertUnchanged(tree);
    }

    @Test
    void modulesContinueWhatTheRunnerApplied() throws Exception {
        ModuleTrees trees = trees();
        JudgedTree tree = trees.example(EARLIER, Judge.only("terraform"));
        trees.ours(tree, ARTIFACTS, "run-all", "apply");
        List<String> outputs = outputs(tree);
        tree.real(ARTIFACTS, "run", "--all", "apply");
        assertEquals(outputs, outputs(tree));
        assertUnchanged(tree);
        trees.ours(tree, ARTIFACTS, "run-all", "apply");
        assertUnchanged(tree);
        assertEquals(outputs, outputs(tree));
    }

    /** What the runner recorded among the unit's files would be copied over the state of the module. */
    @Test
    void aStateFromBeforeTheModulesIsMoved() throws Exception {
        ModuleTrees trees = trees();
        JudgedTree tree = trees.copy(Path.of("examples/live"), "live", NEWEST, Judge.only("tofu"));
        trees.ours(tree, ARTIFACTS, "run-all", "apply");
        Path state = tree.at(ARTIFACTS + "/extension/terragrunt-cache/artifacts/extension/terraform.tfstate");
        assertTrue(Files.exists(state));
        byte[] before = Files.readAllBytes(state);
        ModuleTrees.write(tree);
        assertFalse(Files.exists(state));
        String unit = ARTIFACTS + "/extension";
        String plan = trees.ours(tree, unit, "plan").out();
        assertTrue(plan.contains("nothing changed since the last apply"), plan);
        tree.real(unit, "apply", "-auto-approve");
        assertTrue(tree.real(unit, "plan").out().contains("No changes."));

        Files.createDirectories(state.getParent());
        Files.write(state, before);
        Files.writeString(state.resolveSibling(state.getFileName() + ".forge.json"), "{}");
        Judge.Result refused = tree.terragrunt().run(tree.at(unit), "plan");
        assertFalse(refused.code() == 0, refused::toString);
        String text = (refused.out() + refused.err()).replaceAll("\\s+", " ");
        assertTrue(text.contains("over the state of the module"), text);
        ModuleTrees.write(tree);
        // The copy of it that Terragrunt made is removed with the next run: everything is there, and is recorded again.
        tree.real(unit, "apply", "-auto-approve");
        assertTrue(tree.real(unit, "plan").out().contains("No changes."));
    }

    /** A machine that has nothing but the tree plans and reads what another one applied. */
    @Test
    void aStateElsewhereIsEnough() throws Exception {
        ModuleTrees trees = trees();
        try (StateServer states = StateServer.start()) {
            JudgedTree tree = trees.copy(Path.of("examples/live"), "live", NEWEST, Judge.only("terraform"));
            ModuleTrees.replace(tree, "live/root.hcl", "backend = \"local\"", "backend = \"http\"");
            ModuleTrees.replace(
                    tree,
                    "live/root.hcl",
                    "path = \"terragrunt-cache/${path_relative_to_include()}/terraform.tfstate\"",
                    """
                    address        = "%1$s/${path_relative_to_include()}"
                    lock_address   = "%1$s/${path_relative_to_include()}"
                    unlock_address = "%1$s/${path_relative_to_include()}"
                    """.formatted(states.url()));
            trees.ours(tree, ARTIFACTS, "run-all", "apply");
            ModuleTrees.write(tree);
            tree.real(ARTIFACTS, "run", "--all", "apply");
            assertEquals(3, states.states().size());
            assertEquals(0, states.locks().size());
            List<String> outputs = outputs(tree);
            forget(tree);
            DiskTree.delete(trees.store());
            assertUnchanged(tree);
            assertEquals(outputs, outputs(tree));
        }
    }

    /** Every folder in which Terragrunt ran a unit. */
    private static void forget(JudgedTree tree) throws Exception {
        try (Stream<Path> files = Files.walk(tree.root())) {
            for (Path cache :
                    files.filter(file -> file.endsWith(".terragrunt-cache")).toList()) {
                DiskTree.delete(cache);
            }
        }
    }

    /** It has a ready-made extension, a backend that Terragrunt generates, and arguments of its own. */
    @Test
    void anotherTreeNeedsNoOtherModules() throws Exception {
        ModuleTrees trees = trees();
        JudgedTree tree =
                trees.copy(Path.of("core/src/test/resources/trees/shared-artifacts"), ".", NEWEST, Judge.only("tofu"));
        for (String unit : List.of(IMAGES, REGISTRY)) {
            String file = unit + "/terragrunt.hcl";
            String text = Files.readString(tree.at(file));
            tree.file(
                    file,
                    text.replace("?ref=main", "")
                            .replace("provider \"talos\" {", "locals {") // nobody can fetch it here
                            .replace("terraform {\n", """
                                    terraform {
                                      extra_arguments "region" {
                                        commands  = ["plan", "apply"]
                                        arguments = ["-var", "region=home"]
                                      }
                                    """));
        }
        ModuleTrees.replace(
                tree,
                "live/common/proxmox-infrastructure.hcl",
                "proxmox_node_hostnames = local.nodes",
                "proxmox_node_hostnames = values(local.nodes)");
        ModuleTrees.write(tree);
        tree.real(ARTIFACTS, "run", "--all", "apply", "--queue-exclude-dir", "extension");
        String given = tree.outputs(REGISTRY).compact();
        assertTrue(given.contains("resources:iso/talos-frr-v1.11.5-nocloud-amd64"), given);
        Judge.Result again = tree.real(ARTIFACTS, "run", "--all", "plan", "--queue-exclude-dir", "extension");
        assertEquals(2, ModuleTrees.count(again.out() + again.err(), "No changes."), again::toString);
        trees.ours(tree, IMAGES, "verify");
    }
}
