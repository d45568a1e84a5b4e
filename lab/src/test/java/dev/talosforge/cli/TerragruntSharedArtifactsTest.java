package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.support.JsonDifferences;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The two trees of shared artifacts, applied by ours and by the real program: what one makes is what the other's units
 * are given. Only the names of images, and what the extension is made of, are changed for it.
 */
@Tag("conformance")
class TerragruntSharedArtifactsTest {
    /** What the modules that the real program runs give out, by their names: all that the trees ask for. */
    private static final List<String> MODULES = List.of(
            "talos_extension",
            "talos_images",
            "talos_proxmox_upload",
            "talos_config",
            "talos_compute",
            "proxmox_compute");

    private static final String MODULE = """
            variable "talos_version" { default = "none" }
            variable "kubernetes_version" { default = "none" }
            variable "installer_registry" { default = "none" }
            variable "installer_image" { default = null }
            variable "iso_name" { default = "none" }
            variable "iso_path" { default = null }
            variable "file_id" { default = null }
            variable "nodes" {
              type    = any
              default = null
            }
            variable "proxmox_node_names" {
              type    = list(string)
              default = []
            }
            output "extension_image" { value = "registry.test/theirs/extension:v1" }
            output "installer_image" { value = "${var.installer_registry}:${var.talos_version}" }
            output "iso_path" { value = "/theirs/${var.iso_name}" }
            output "iso_name" { value = var.iso_name }
            output "talos_version" { value = var.talos_version }
            output "kubernetes_version" { value = var.kubernetes_version }
            output "talos_image_file_ids" {
              value = { for node in var.proxmox_node_names : node => "resources:iso/${var.iso_name}" }
            }
            output "talos_image_file_name" { value = var.iso_name }
            output "given" {
              value = {
                installer_image = var.installer_image
                file_id         = var.file_id
                nodes           = var.nodes
              }
            }
            """;

    @RegisterExtension
    private static final SharedLab SHARED = new SharedLab();

    @TempDir
    private Path folder = Path.of("");

    /** A tree of this repository, and the folder in which its {@code live} stands. */
    enum Tree {
        EXAMPLE("examples/live", "live"),
        SEED("core/src/test/resources/trees/shared-artifacts", ".");

        private final Path from;
        private final String to;

        Tree(String from, String to) {
            this.from = Path.of(from);
            this.to = to;
        }
    }

    static Stream<Arguments> trees() {
        return Terragrunt.versions().flatMap(judge -> Stream.of(Tree.values()).map(tree -> Arguments.of(judge, tree)));
    }

    private static String changed(String text) {
        return ArtifactsLab.here(text)
                .replace("?ref=main", "")
                .replace("provider \"talos\" {", "locals {") // nobody can fetch it here
                .replace("proxmox_node_hostnames = local.nodes", "proxmox_node_hostnames = values(local.nodes)");
    }

    private JudgedTree copy(Judge judge, Tree kind) throws Exception {
        JudgedTree tree = JudgedTree.in(folder, judge);
        try (Stream<Path> files = Files.walk(kind.from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                tree.file(kind.to + "/" + kind.from.relativize(file), changed(Files.readString(file)));
            }
        }
        boolean generated = Files.readString(tree.at("live/root.hcl")).contains("backend.tf");
        for (String module : MODULES) {
            tree.file(
                    "modules/" + module + "/main.tf",
                    (generated ? "" : "terraform {\n  backend \"local\" {}\n}\n") + MODULE);
        }
        return tree;
    }

    private SortedMap<String, String> environment() {
        return SHARED.lab().environment(folder.resolve("store"));
    }

    private JsonObject ours(JudgedTree tree, String unit, String... command) throws Exception {
        CommandLineRun run = CommandLineRun.in(tree.at(unit), environment(), command);
        assertEquals(0, run.code(), run::toString);
        return JsonReader.readObject("ours", run.out().getBytes(UTF_8));
    }

    private static List<String> consumers(JudgedTree tree) throws Exception {
        List<String> units = tree.found("live").keySet().stream()
                .filter(unit -> unit.startsWith("clusters/"))
                .map(unit -> "live/" + unit)
                .toList();
        assertEquals(4, units.size());
        return units;
    }

    /** Each consumer was applied with what ours says that it is given. */
    private void assertConsumed(JudgedTree tree) throws Exception {
        for (String unit : consumers(tree)) {
            JsonObject inputs = ours(tree, unit, "render");
            JsonObject given = tree.outputs(unit).object("given");
            assertNotNull(given);
            given.members().forEach((name, value) -> {
                Json own = inputs.get(name);
                assertEquals(
                        List.of(), JsonDifferences.of(unit + " " + name, value, own == null ? Json.ofNull() : own));
            });
            assertFalse(given.compact().contains("mock"), given::compact);
        }
    }

    private void assertRendered(JudgedTree tree) throws Exception {
        for (String unit : tree.found("live").keySet()) {
            assertEquals(
                    List.of(),
                    JsonDifferences.of(
                            unit,
                            tree.terragrunt().inputs(tree.at("live/" + unit)),
                            ours(tree, "live/" + unit, "render")));
        }
    }

    @ParameterizedTest
    @MethodSource("trees")
    void graphAndMocksAreReadTheSame(Judge judge, Tree kind) throws Exception {
        JudgedTree tree = copy(judge, kind);
        assertEquals(tree.found("live"), TerragruntQueueTest.needs(tree.at("live")));
        assertRendered(tree);
        assertTrue(ours(tree, "live/clusters/cluster-101/config", "render")
                .compact()
                .contains("mock"));
    }

    @ParameterizedTest
    @MethodSource("trees")
    void theirUnitsAreGivenWhatOursMade(Judge judge, Tree kind) throws Exception {
        JudgedTree tree = copy(judge, kind);
        CommandLineRun run = CommandLineRun.in(tree.at("live/artifacts"), environment(), "run-all", "apply");
        assertEquals(0, run.code(), run::toString);
        tree.real("live/clusters", "run", "--all", "apply");
        assertConsumed(tree);
        JsonObject outputs = tree.outputs("live/clusters/cluster-101/compute").object("given");
        assertNotNull(outputs);
        assertTrue(outputs.compact().contains("\"resources:iso/talos-frr-v1.11.5-nocloud-amd64"), outputs::compact);
    }

    @ParameterizedTest
    @MethodSource("trees")
    void ourUnitsAreGivenWhatTheirsMade(Judge judge, Tree kind) throws Exception {
        JudgedTree tree = copy(judge, kind);
        tree.real("live", "run", "--all", "apply");
        assertRendered(tree);
        assertConsumed(tree);
        JsonObject registry = ours(tree, "live/artifacts/registry", "render");
        assertEquals("/theirs/talos-frr-v1.11.5-nocloud-amd64.iso", registry.text("iso_path"));
        assertEquals(
                List.of(),
                JsonDifferences.of(
                        "outputs",
                        tree.outputs("live/artifacts/images"),
                        ours(tree, "live/artifacts/images", "output", "--json")));
    }
}
