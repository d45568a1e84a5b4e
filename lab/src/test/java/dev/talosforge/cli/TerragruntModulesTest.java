package dev.talosforge.cli;

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
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The example tree, applied by the real Terragrunt with our modules. */
@Tag("conformance")
class TerragruntModulesTest {
    @RegisterExtension
    private static final SharedLab SHARED = new SharedLab();

    @TempDir
    private Path folder = Path.of("");

    private JudgedTree tree(Judge judge, Judge binary) throws Exception {
        return ModuleTrees.in(SHARED.lab(), folder).example(judge, binary);
    }

    /** The prefix of Terragrunt's log, of both versions. */
    private static final String LOG = "[0-9:.]+ STDOUT .*?(tofu|terraform): ?";

    /** What a plan changes of the parts of a unit's last apply, without the lines' indentation. */
    private static List<String> parts(JudgedTree tree, String unit) throws Exception {
        Judge.Result said = tree.real(unit, "plan");
        List<String> parts = new ArrayList<>();
        boolean inside = false;
        for (String logged : said.out().lines().toList()) {
            String line = logged.replaceFirst(LOG, "");
            inside = inside ? !line.matches("        }.*") : line.contains("triggers_replace = {");
            if (inside && line.matches(" {10,}[~+-] .*")) {
                parts.add(line.strip().replaceAll(" +", " "));
            }
        }
        assertFalse(parts.isEmpty(), said::toString);
        return parts;
    }

    static Stream<Arguments> pairs() {
        return Terragrunt.versions()
                .flatMap(judge -> Stream.of("tofu", "terraform").map(name -> Arguments.of(judge, Judge.only(name))));
    }

    /** The main way, with the tree's own relative state. */
    @ParameterizedTest
    @MethodSource("pairs")
    void theTreeIsAppliedOnceAndThenUnchanged(Judge judge, Judge binary) throws Exception {
        JudgedTree tree = tree(judge, binary);
        tree.real(ModuleTrees.ARTIFACTS, "run", "--all", "apply");
        assertTrue(Files.exists(tree.at(ModuleTrees.ISO)));
        JsonObject outputs = tree.outputs(ModuleTrees.REGISTRY);
        String name = String.valueOf(outputs.text("talos_image_file_name"));
        // With a digest if another tree's file has the name.
        assertTrue(name.startsWith("talos-frr-v1.11.5-nocloud-amd64"), outputs::compact);
        assertEquals(3, ModuleTrees.count(ModuleTrees.plan(tree), "No changes."));
    }

    @Test
    void everythingElse() throws Exception {
        JudgedTree tree = tree(Terragrunt.versions().toList().getFirst(), Judge.only("tofu"));
        ModuleTrees.replace(tree, "live/root.hcl", "\"terragrunt-cache/", "\"${get_repo_root()}/states/");
        ModuleTrees.replace(tree, ModuleTrees.REGISTRY + "/terragrunt.hcl", "terraform {\n", """
                terraform {
                  before_hook "first" {
                    commands = ["apply"]
                    execute  = ["touch", "${get_repo_root()}/before"]
                  }
                  after_hook "publish" {
                    commands = ["apply"]
                    execute  = ["sh", "-c", "$TG_CTX_TF_PATH output -json > ${get_repo_root()}/after.json"]
                  }
                """);
        tree.real(ModuleTrees.ARTIFACTS, "run", "--all", "apply");
        hooksAndConsumers(tree);
        anotherMachine(tree);
        movedTagAndArgument(tree);
        repair(tree);
        failure(tree);
        tree.real(ModuleTrees.ARTIFACTS, "run", "--all", "destroy");
        assertTrue(Files.exists(tree.at(ModuleTrees.ISO)));
        assertEquals("{}", tree.outputs(ModuleTrees.ARTIFACTS + "/extension").compact());
    }

    private static void hooksAndConsumers(JudgedTree tree) throws Exception {
        assertTrue(Files.exists(tree.at("before")));
        String after = Files.readString(tree.at("after.json"));
        assertTrue(after.contains("resources:iso/talos-frr-v1.11.5-nocloud-amd64"), after);
        tree.real("live/clusters/cluster-101/compute", "apply", "-auto-approve");
        String given = tree.outputs("live/clusters/cluster-101/compute").compact();
        assertEquals(3, ModuleTrees.count(given, "\"iso_id\":\"resources:iso/talos-frr-v1.11.5-nocloud-amd64"), given);
    }

    /** The state is kept, and nothing else. */
    private void anotherMachine(JudgedTree tree) throws Exception {
        try (Stream<Path> files = Files.walk(tree.root())) {
            for (Path cache :
                    files.filter(file -> file.endsWith(".terragrunt-cache")).toList()) {
                DiskTree.delete(cache);
            }
        }
        DiskTree.delete(folder.toRealPath().resolve("store"));
        assertEquals(3, ModuleTrees.count(ModuleTrees.plan(tree), "No changes."));
        assertTrue(
                tree.outputs(ModuleTrees.IMAGES).compact().contains("registry.test/acme/talos-frr-installer:v1.11.5"));
    }

    private static void movedTagAndArgument(JudgedTree tree) throws Exception {
        SHARED.lab().world().extension("crun", "crun again");
        List<String> moved = parts(tree, ModuleTrees.IMAGES);
        assertEquals(1, moved.size(), moved::toString);
        assertTrue(
                moved.getFirst().matches("~ \"[^\"]*crun[^\"]*\" = \".*sha256:[0-9a-f]+\" -> \".*sha256:[0-9a-f]+\""),
                moved::toString);
        tree.real(ModuleTrees.IMAGES, "apply", "-auto-approve");

        ModuleTrees.replace(tree, "live/common/install-schematic.hcl", "\"iommu=pt\"", "\"iommu=nopt\"");
        String argument = String.join("\n", parts(tree, ModuleTrees.IMAGES));
        assertTrue(argument.contains("iommu=nopt"), argument);
        assertFalse(argument.contains("sha256"), argument);
        tree.real(ModuleTrees.ARTIFACTS, "run", "--all", "apply");
    }

    private static void repair(JudgedTree tree) throws Exception {
        Files.delete(tree.at(ModuleTrees.ISO));
        assertTrue(tree.real(ModuleTrees.IMAGES, "plan").out().contains("No changes."));
        JudgedTree repairing = ModuleTrees.with(tree, "TF_VAR_repair", "1");
        assertEquals(List.of("+ repair = \"1\""), parts(repairing, ModuleTrees.IMAGES));
        repairing.real(ModuleTrees.IMAGES, "apply", "-auto-approve");
        assertTrue(Files.exists(tree.at(ModuleTrees.ISO)));
        assertTrue(repairing.real(ModuleTrees.IMAGES, "plan").out().contains("No changes."));
    }

    private static void failure(JudgedTree tree) throws Exception {
        ModuleTrees.replace(
                tree,
                "live/common/proxmox-infrastructure.hcl",
                "datastore_id = \"resources\"",
                "datastore_id = \"small\"");
        Judge.Result failed = tree.terragrunt().run(tree.at(ModuleTrees.REGISTRY), "apply", "-auto-approve");
        String text = failed.out() + failed.err();
        assertFalse(failed.code() == 0, text);
        for (String part : List.of("error: cannot ", "why: ", "small", "exit status")) {
            assertTrue(text.contains(part), text);
        }
        ModuleTrees.replace(
                tree,
                "live/common/proxmox-infrastructure.hcl",
                "datastore_id = \"small\"",
                "datastore_id = \"resources\"");
        tree.real(ModuleTrees.REGISTRY, "apply", "-auto-approve");
    }

    @Test
    void aDeletedIsoIsShownIfTargetsAreChecked() throws Exception {
        JudgedTree tree = ModuleTrees.with(
                tree(Terragrunt.versions().toList().getFirst(), Judge.only("tofu")), "TF_VAR_check_targets", "true");
        for (String unit : List.of(ModuleTrees.ARTIFACTS + "/extension", ModuleTrees.IMAGES)) {
            tree.real(unit, "apply", "-auto-approve");
        }
        Judge.Result there = tree.real(ModuleTrees.IMAGES, "plan");
        assertFalse((there.out() + there.err()).contains("Check block assertion failed"), there::toString);
        Files.delete(tree.at(ModuleTrees.ISO));
        Judge.Result gone = tree.real(ModuleTrees.IMAGES, "plan");
        String text = gone.out() + gone.err();
        assertTrue(text.contains("Check block assertion failed"), text);
        assertTrue(text.contains("talos-frr-v1.11.5-nocloud-amd64.iso"), text);
    }

    static Stream<Judge> versions() {
        return Terragrunt.versions();
    }

    /** The image's record in the registry names one unit, whichever way it is applied; the state knows nothing of it. */
    @ParameterizedTest
    @MethodSource("versions")
    void aTagMovesOnEitherWayAndForNoOtherUnit(Judge judge) throws Exception {
        JudgedTree tree = tree(judge, Judge.only("tofu"));
        String unit = ModuleTrees.ARTIFACTS + "/extension";
        ModuleTrees.replace(tree, unit + "/terragrunt.hcl", "inputs = {", "inputs = {\n  extension_tag = \"rack\"");
        tree.real(unit, "apply", "-auto-approve");

        ModuleTrees.replace(tree, unit + "/terragrunt.hcl", "\"usr/local/a\" = \"a\"", "\"usr/local/a\" = \"b\"");
        CommandLineRun run = CommandLineRun.in(
                tree.at(unit), SHARED.lab().environment(folder.toRealPath().resolve("other")), "apply");
        assertEquals(0, run.code(), run::toString);
        assertTrue(run.err().contains("/frr-talos-extension:rack moved from "), run::toString);

        ModuleTrees.replace(tree, unit + "/terragrunt.hcl", "\"usr/local/a\" = \"b\"", "\"usr/local/a\" = \"c\"");
        tree.real(unit, "apply", "-auto-approve");

        String other = ModuleTrees.ARTIFACTS + "/extension2";
        String text = Files.readString(tree.at(unit + "/terragrunt.hcl"));
        tree.file(other + "/terragrunt.hcl", text.replace("\"usr/local/a\" = \"c\"", "\"usr/local/a\" = \"d\""));
        Judge.Result refused = tree.terragrunt().run(tree.at(other), "apply", "-auto-approve");
        String said = (refused.out() + refused.err()).replaceAll("\\s+", " ");
        assertFalse(refused.code() == 0, said);
        assertTrue(said.contains("which was published by live/artifacts/extension,"), said);
    }

    /** With mocks: neither registry nor program is needed. */
    @Test
    void testsOfTheModulesPass() throws Exception {
        SortedMap<String, String> environment =
                ModuleTrees.in(SHARED.lab(), folder).environment(Judge.only("tofu"));
        for (String module : List.of("talos_extension", "talos_images", "talos_proxmox_upload")) {
            Path copy = folder.resolve(module);
            try (Stream<Path> files = Files.walk(Path.of("modules", module))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path to = copy.resolve(Path.of("modules", module).relativize(file));
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
            for (String command : List.of("init", "test")) {
                Judge.Result said = Judge.only("tofu").run(copy, environment, command, "-no-color");
                assertEquals(0, said.code(), said::toString);
            }
        }
    }
}
