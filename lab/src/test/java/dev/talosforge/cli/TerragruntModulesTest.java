package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.lab.pve.PveEndpoint;
import dev.talosforge.lab.pve.PveSettings;
import dev.talosforge.lab.pve.PveWorld;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import dev.talosforge.tree.DiskTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The example tree, applied by the real Terragrunt with our modules: nothing of it is changed but the names of images,
 * what the extension is made of, and the name of an input that Terraform reserves.
 */
@Tag("conformance")
class TerragruntModulesTest {
    private static final String SECRET = "44444444-4444-4444-8444-444444444444";
    private static final List<String> NAMES = List.of("intel-ucode", "qemu-guest-agent", "crun", "ctr");
    private static final String ARTIFACTS = "live/artifacts";
    private static final String IMAGES = ARTIFACTS + "/images";
    private static final String REGISTRY = ARTIFACTS + "/registry";
    private static final String ISO = "build/talos-iso/talos-frr-v1.11.5-nocloud-amd64.iso";

    /** The consumers' modules, as far as they matter here. */
    private static final String CONSUMER = """
            terraform {
              backend "local" {}
            }
            variable "nodes" { type = any }
            output "nodes" { value = var.nodes }
            """;

    @TempDir
    private static @Nullable Path shared;

    private static @Nullable SmallWorld world;
    private static @Nullable PveEndpoint proxmox;

    @TempDir
    private Path folder = Path.of("");

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
            for (String storage : List.of("resources", "small")) {
                acls.add(new PveWorld.Acl(
                        "/storage/" + storage,
                        who,
                        Set.of("Datastore.Allocate", "Datastore.AllocateTemplate", "Datastore.Audit")));
            }
        }
        proxmox = PveEndpoint.start(
                new PveWorld(
                        nodes,
                        List.of(
                                PveWorld.Storage.forIsos("resources", "cephfs", true, 1L << 30),
                                PveWorld.Storage.forIsos("small", "cephfs", true, 1L << 20)),
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

    private static SmallWorld world() {
        assertNotNull(world);
        return world;
    }

    private static String changed(String text) {
        return text.replaceAll("\"ghcr.io/siderolabs/([a-z-]+):[^\"]*\"", "\"registry.test/talos/$1:v1\"")
                .replace("ghcr.io/sulibot", "registry.test/acme")
                .replaceAll(
                        "(?s)  container = \"frr\".*\n}\n$", "sources = [{ files = { \"usr/local/a\" = \"a\" } }]\n}\n")
                .replaceFirst("(?m)^  version  ", "  extension_version  ")
                .replaceFirst("(?m)^( *iso_output_dir)", """
                        imager_image = "registry.test/talos/imager:v1.11.5"
                        base_installer_image = "registry.test/talos/installer-base:v1.11.5"
                        squashfs_compression = "zstd"
                        $1""");
    }

    /** The program, as a command. */
    private Path program() throws Exception {
        Path file = folder.toRealPath().resolve("talos-forge");
        Files.writeString(file, """
                #!/bin/sh
                exec '%s' --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m \\
                    -cp '%s' dev.talosforge.cli.Main "$@"
                """.formatted(
                        ProcessHandle.current().info().command().orElseThrow(), System.getProperty("java.class.path")));
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private SortedMap<String, String> environment(Judge binary) throws Exception {
        assertNotNull(proxmox);
        Path configuration = folder.toRealPath().resolve("providers.tfrc");
        Files.writeString(
                configuration, """
                provider_installation {
                  filesystem_mirror { path = "%s" }
                }
                """.formatted(Judge.only("external").program().getParent()));
        SortedMap<String, String> environment =
                world().environment(folder.toRealPath().resolve("store"));
        environment.put("PROXMOX_VE_ENDPOINT", proxmox.uri().toString());
        environment.put("PROXMOX_VE_API_TOKEN", "iso@pve!ci=" + SECRET);
        environment.put("PROXMOX_VE_CA_FILE", proxmox.authority().toString());
        environment.put("TF_VAR_talos_forge", program().toString());
        environment.put("TF_CLI_CONFIG_FILE", configuration.toString());
        environment.put("TG_TF_PATH", binary.program().toString());
        return environment;
    }

    private JudgedTree tree(Judge judge, Judge binary) throws Exception {
        Path from = Path.of("examples/live");
        JudgedTree tree = JudgedTree.in(folder, judge, environment(binary));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                tree.file("live/" + from.relativize(file), changed(Files.readString(file)));
            }
        }
        tree.file("modules/proxmox_compute/main.tf", CONSUMER);
        CommandLineRun run = CommandLineRun.in(tree.root(), new TreeMap<>(), "module", "write", "--for", ARTIFACTS);
        assertEquals(0, run.code(), run::toString);
        return tree;
    }

    private static void replace(JudgedTree tree, String file, String before, String after) throws Exception {
        String text = Files.readString(tree.at(file));
        assertTrue(text.contains(before), text);
        tree.file(file, text.replace(before, after));
    }

    private static JudgedTree with(JudgedTree tree, String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(tree.terragrunt().more());
        more.put(name, value);
        return new JudgedTree(
                tree.root(),
                new Terragrunt(tree.terragrunt().judge(), tree.terragrunt().home(), more));
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

    private static String noChanges(JudgedTree tree, String folder) throws Exception {
        Judge.Result said = tree.real(folder, "run", "--all", "plan");
        return said.out() + said.err();
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
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
        tree.real(ARTIFACTS, "run", "--all", "apply");
        assertTrue(Files.exists(tree.at(ISO)));
        JsonObject outputs = tree.outputs(REGISTRY);
        String name = String.valueOf(outputs.text("talos_image_file_name"));
        // With a digest if another tree's file has the name.
        assertTrue(name.startsWith("talos-frr-v1.11.5-nocloud-amd64"), outputs::compact);
        assertEquals(3, count(noChanges(tree, ARTIFACTS), "No changes."));
    }

    @Test
    void everythingElse() throws Exception {
        JudgedTree tree = tree(Terragrunt.versions().toList().getFirst(), Judge.only("tofu"));
        replace(tree, "live/root.hcl", "\"terragrunt-cache/", "\"${get_repo_root()}/states/");
        replace(tree, REGISTRY + "/terragrunt.hcl", "terraform {\n", """
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
        tree.real(ARTIFACTS, "run", "--all", "apply");
        hooksAndConsumers(tree);
        anotherMachine(tree);
        movedTagAndArgument(tree);
        repair(tree);
        failure(tree);
        tree.real(ARTIFACTS, "run", "--all", "destroy");
        assertTrue(Files.exists(tree.at(ISO)));
        assertEquals("{}", tree.outputs(ARTIFACTS + "/extension").compact());
    }

    private static void hooksAndConsumers(JudgedTree tree) throws Exception {
        assertTrue(Files.exists(tree.at("before")));
        String after = Files.readString(tree.at("after.json"));
        assertTrue(after.contains("resources:iso/talos-frr-v1.11.5-nocloud-amd64"), after);
        tree.real("live/clusters/cluster-101/compute", "apply", "-auto-approve");
        String given = tree.outputs("live/clusters/cluster-101/compute").compact();
        assertEquals(3, count(given, "\"iso_id\":\"resources:iso/talos-frr-v1.11.5-nocloud-amd64"), given);
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
        assertEquals(3, count(noChanges(tree, ARTIFACTS), "No changes."));
        assertTrue(tree.outputs(IMAGES).compact().contains("registry.test/acme/talos-frr-installer:v1.11.5"));
    }

    private static void movedTagAndArgument(JudgedTree tree) throws Exception {
        world().extension("crun", "crun again");
        List<String> moved = parts(tree, IMAGES);
        assertEquals(1, moved.size(), moved::toString);
        assertTrue(
                moved.getFirst().matches("~ \"[^\"]*crun[^\"]*\" = \".*sha256:[0-9a-f]+\" -> \".*sha256:[0-9a-f]+\""),
                moved::toString);
        tree.real(IMAGES, "apply", "-auto-approve");

        replace(tree, "live/common/install-schematic.hcl", "\"iommu=pt\"", "\"iommu=nopt\"");
        String argument = String.join("\n", parts(tree, IMAGES));
        assertTrue(argument.contains("iommu=nopt"), argument);
        assertFalse(argument.contains("sha256"), argument);
        tree.real(ARTIFACTS, "run", "--all", "apply");
    }

    private static void repair(JudgedTree tree) throws Exception {
        Files.delete(tree.at(ISO));
        assertTrue(tree.real(IMAGES, "plan").out().contains("No changes."));
        JudgedTree repairing = with(tree, "TF_VAR_repair", "1");
        assertEquals(List.of("+ repair = \"1\""), parts(repairing, IMAGES));
        repairing.real(IMAGES, "apply", "-auto-approve");
        assertTrue(Files.exists(tree.at(ISO)));
        assertTrue(repairing.real(IMAGES, "plan").out().contains("No changes."));
    }

    private static void failure(JudgedTree tree) throws Exception {
        replace(
                tree,
                "live/common/proxmox-infrastructure.hcl",
                "datastore_id = \"resources\"",
                "datastore_id = \"small\"");
        Judge.Result failed = tree.terragrunt().run(tree.at(REGISTRY), "apply", "-auto-approve");
        String text = failed.out() + failed.err();
        assertFalse(failed.code() == 0, text);
        for (String part : List.of("error: cannot ", "why: ", "small", "exit status")) {
            assertTrue(text.contains(part), text);
        }
        replace(
                tree,
                "live/common/proxmox-infrastructure.hcl",
                "datastore_id = \"small\"",
                "datastore_id = \"resources\"");
        tree.real(REGISTRY, "apply", "-auto-approve");
    }

    @Test
    void aDeletedIsoIsShownIfTargetsAreChecked() throws Exception {
        JudgedTree tree = with(
                tree(Terragrunt.versions().toList().getFirst(), Judge.only("tofu")), "TF_VAR_check_targets", "true");
        for (String unit : List.of(ARTIFACTS + "/extension", IMAGES)) {
            tree.real(unit, "apply", "-auto-approve");
        }
        Judge.Result there = tree.real(IMAGES, "plan");
        assertFalse((there.out() + there.err()).contains("Check block assertion failed"), there::toString);
        Files.delete(tree.at(ISO));
        Judge.Result gone = tree.real(IMAGES, "plan");
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
        String unit = ARTIFACTS + "/extension";
        replace(tree, unit + "/terragrunt.hcl", "inputs = {", "inputs = {\n  extension_tag = \"rack\"");
        tree.real(unit, "apply", "-auto-approve");

        replace(tree, unit + "/terragrunt.hcl", "\"usr/local/a\" = \"a\"", "\"usr/local/a\" = \"b\"");
        CommandLineRun run = CommandLineRun.in(
                tree.at(unit), world().environment(folder.toRealPath().resolve("other")), "apply");
        assertEquals(0, run.code(), run::toString);
        assertTrue(run.err().contains("/frr-talos-extension:rack moved from "), run::toString);

        replace(tree, unit + "/terragrunt.hcl", "\"usr/local/a\" = \"b\"", "\"usr/local/a\" = \"c\"");
        tree.real(unit, "apply", "-auto-approve");

        String other = ARTIFACTS + "/extension2";
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
        SortedMap<String, String> environment = environment(Judge.only("tofu"));
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
