package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.lab.pve.PveEndpoint;
import dev.talosforge.lab.pve.PveSettings;
import dev.talosforge.lab.pve.PveWorld;
import dev.talosforge.support.JsonDifferences;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
    private static final String SECRET = "33333333-3333-4333-8333-333333333333";
    private static final List<String> NAMES = List.of("intel-ucode", "qemu-guest-agent", "crun", "ctr");

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

    @TempDir
    private static @Nullable Path shared;

    private static @Nullable SmallWorld world;
    private static @Nullable PveEndpoint proxmox;

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

    @BeforeAll
    static void start() throws Exception {
        assertNotNull(shared);
        world = SmallWorld.in(shared);
        for (String name : NAMES) {
            world.extension(name);
        }
        List<PveWorld.Node> nodes = Stream.of("pve01", "pve02", "pve03")
                .map(name -> new PveWorld.Node(name, true))
                .toList();
        List<PveWorld.Acl> acls = new ArrayList<>();
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            acls.add(new PveWorld.Acl(
                    "/storage/resources",
                    who,
                    Set.of("Datastore.Allocate", "Datastore.AllocateTemplate", "Datastore.Audit")));
        }
        proxmox = PveEndpoint.start(
                new PveWorld(
                        nodes,
                        List.of(PveWorld.Storage.forIsos("resources", "cephfs", true, 1L << 30)),
                        List.of(new PveWorld.User("iso@pve", null, true)),
                        List.of(new PveWorld.Token("iso@pve", "ci", SECRET, true, false)),
                        acls,
                        List.of()),
                PveSettings.of(PveSettings.Release.CURRENT).with(Duration.ofSeconds(3), Duration.ofMillis(50)),
                new PveEndpoint.Place(
                        shared.resolve("pve"), shared.resolve("ca"), 0, InstantSource.system(), new Random(1)));
    }

    @AfterAll
    static void end() throws Exception {
        if (proxmox != null) {
            proxmox.close();
        }
        if (world != null) {
            world.registry().close();
        }
    }

    static Stream<Arguments> trees() {
        return Terragrunt.versions().flatMap(judge -> Stream.of(Tree.values()).map(tree -> Arguments.of(judge, tree)));
    }

    private static String changed(String text) {
        return text.replaceAll("\"ghcr.io/siderolabs/([a-z-]+):[^\"]*\"", "\"registry.test/talos/$1:v1\"")
                .replaceAll(
                        "\"ghcr.io/sulibot/frr-talos-extension:v1.0.18@[^\"]*\"", "\"registry.test/talos/hello:v1\"")
                .replace("ghcr.io/sulibot", "registry.test/acme")
                .replaceAll(
                        "(?s)  container = \"frr\".*\n}\n$", "sources = [{ files = { \"usr/local/a\" = \"a\" } }]\n}\n")
                .replace("?ref=main", "")
                .replace("provider \"talos\" {", "locals {") // nobody can fetch it here
                .replace("proxmox_node_hostnames = local.nodes", "proxmox_node_hostnames = values(local.nodes)")
                .replace("\"docker\", \"login\", \"registry.test\"", "\"true\"")
                .replace("\"docker\", \"login\", \"ghcr.io\"", "\"true\"")
                .replaceFirst("(?m)^( *iso_output_dir)", """
                        imager_image = "registry.test/talos/imager:v1.11.5"
                        base_installer_image = "registry.test/talos/installer-base:v1.11.5"
                        squashfs_compression = "zstd"
                        $1""");
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

    private SortedMap<String, String> environment() throws Exception {
        assertNotNull(world);
        assertNotNull(proxmox);
        SortedMap<String, String> environment = world.environment(folder.resolve("store"));
        environment.put("PROXMOX_VE_ENDPOINT", proxmox.uri().toString());
        environment.put("PROXMOX_VE_API_TOKEN", "iso@pve!ci=" + SECRET);
        environment.put("PROXMOX_VE_CA_FILE", proxmox.authority().toString());
        return environment;
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
