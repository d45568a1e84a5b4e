package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import dev.talosforge.testkit.Judge.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a unit that the real Terragrunt runs is given after an apply of ours. Its tree has the form of a shared
 * artifacts tree: the state's path is relative, and begins wherever Terragrunt happens to run a unit.
 */
@Tag("conformance")
class TerragruntReadsOutputsTest {
    private static final String ROOT = """
            remote_state {
              backend = "local"
              config = {
                path = "terragrunt-cache/${path_relative_to_include()}/terraform.tfstate"
              }
            }
            """;

    private static final String INCLUDE = """
            include "root" {
              path = find_in_parent_folders("root.hcl")
            }
            """;

    @TempDir
    static @Nullable Path folder;

    private static @Nullable SmallWorld world;

    private static SmallWorld world() {
        assertNotNull(world);
        return world;
    }

    @BeforeAll
    static void start() throws Exception {
        assertNotNull(folder);
        world = SmallWorld.in(folder);
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.registry().close();
        }
    }

    /** A tree, and the real program. */
    private record Tree(Path root, Terragrunt terragrunt) {
        Path images() {
            return root.resolve("live/artifacts/images");
        }

        Path consumer() {
            return root.resolve("live/clusters/cluster-101/config");
        }

        void file(String name, String text) throws IOException {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }

        void images(String source, String tag) throws IOException {
            file("live/artifacts/images/terragrunt.hcl", INCLUDE + """
                    terraform { source = "%s" }
                    inputs = {
                      talos_version        = "v1.11.5"
                      installer_registry   = "registry.test/acme/installer"
                      installer_tag        = "%s"
                      custom_extensions    = ["registry.test/talos/hello:v1"]
                      imager_image         = "registry.test/talos/imager:v1.11.5"
                      base_installer_image = "registry.test/talos/installer-base:v1.11.5"
                      iso_output_dir       = "${get_repo_root()}/build"
                      iso_name             = "talos-v1.11.5.iso"
                      squashfs_compression = "zstd"
                    }
                    """.formatted(source, tag));
        }

        /** The module that the tree had before, as far as Terragrunt cares. */
        void module() throws IOException {
            file("modules/talos_images/main.tf", """
                    terraform {
                      backend "local" {}
                    }
                    variable "installer_tag" {}
                    resource "terraform_data" "made" {
                      input = var.installer_tag
                    }
                    output "installer_image" {
                      value = "made by the module: ${var.installer_tag}"
                    }
                    """);
        }

        void applied(SortedMap<String, String> more) {
            SortedMap<String, String> environment =
                    world().environment(world().folder().resolve("store"));
            environment.putAll(more);
            CommandLineRun run = CommandLineRun.in(root.resolve("live/artifacts"), environment, "run-all", "apply");
            assertEquals(0, run.code(), run::toString);
        }

        void applied() {
            applied(new TreeMap<>());
        }

        /** What the consumer is given by the real program. */
        String givenByReal() throws Exception {
            return String.valueOf(terragrunt.inputs(consumer()).text("installer"));
        }

        /** What the consumer is given, which is the same for both. */
        String given() throws Exception {
            CommandLineRun run = CommandLineRun.in(consumer(), terragrunt.more(), "render");
            assertEquals(0, run.code(), run::toString);
            String ours =
                    JsonReader.readObject("ours", run.out().getBytes(UTF_8)).text("installer");
            assertEquals(givenByReal(), ours);
            return String.valueOf(ours);
        }

        /** The consumer is applied by Terragrunt, which never does that with these mocks, and says what it got. */
        String consumed() throws Exception {
            Result apply = terragrunt.run(consumer(), "apply", "-auto-approve", "-input=false");
            assertEquals(0, apply.code(), apply::toString);
            Result output = terragrunt.run(consumer(), "output", "-json");
            assertEquals(0, output.code(), output::toString);
            JsonObject outputs = JsonReader.readObject("outputs", output.out().getBytes(UTF_8))
                    .object("installer");
            assertNotNull(outputs);
            return String.valueOf(outputs.text("value"));
        }

        Result real(Path unit, String... arguments) throws Exception {
            Result result = terragrunt.run(unit, arguments);
            assertEquals(0, result.code(), result::toString);
            return result;
        }
    }

    private static Tree tree(Judge judge, String name, SortedMap<String, String> more) throws IOException {
        Path root = world().folder().resolve(name + "-" + judge.version());
        Path home = Files.createDirectories(world().folder().resolve("home"));
        Tree tree = new Tree(root, new Terragrunt(judge, home, more));
        tree.file(".git/HEAD", "ref: refs/heads/main\n");
        Files.createDirectories(root.resolve(".git/objects"));
        Files.createDirectories(root.resolve(".git/refs"));
        tree.file("live/root.hcl", ROOT);
        tree.images("../../../modules//talos_images", "one");
        tree.file("live/clusters/cluster-101/config/terragrunt.hcl", INCLUDE + """
                terraform { source = "../../../../modules//cluster" }
                dependency "images" {
                  config_path  = "../../../artifacts/images"
                  mock_outputs = { installer_image = "mock" }
                  mock_outputs_allowed_terraform_commands = ["init", "validate", "plan", "render"]
                }
                inputs = { installer = dependency.images.outputs.installer_image }
                """);
        tree.file("modules/cluster/main.tf", """
                terraform {
                  backend "local" {}
                }
                variable "installer" {}
                resource "terraform_data" "machine" {
                  input = var.installer
                }
                output "installer" {
                  value = terraform_data.machine.output
                }
                """);
        return tree;
    }

    private static Tree tree(Judge judge, String name) throws IOException {
        return tree(judge, name, new TreeMap<>());
    }

    static Stream<Judge> versions() {
        return Terragrunt.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void realOutputsAreReadWhereTerragruntNeverRan(Judge judge) throws Exception {
        Tree tree = tree(judge, "fresh");
        assertEquals("mock", tree.given());
        tree.applied();
        assertEquals("registry.test/acme/installer:one", tree.given());
        assertEquals("registry.test/acme/installer:one", tree.consumed());

        tree.images("../../../modules//talos_images", "two");
        tree.applied();
        assertEquals("registry.test/acme/installer:two", tree.given());
        assertEquals("registry.test/acme/installer:two", tree.consumed());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void realOutputsTakeThePlaceOfThoseOfAnEarlierRun(Judge judge) throws Exception {
        Tree tree = tree(judge, "stale");
        tree.module();
        tree.real(tree.images(), "apply", "-auto-approve");
        assertEquals("made by the module: one", tree.given());
        tree.applied();
        assertEquals("registry.test/acme/installer:one", tree.given());
        tree.applied();
        assertEquals("registry.test/acme/installer:one", tree.consumed());

        // What the module made is still known to Terraform, and can go on.
        String states = tree.real(tree.images(), "state", "list").out();
        assertTrue(states.contains("terraform_data.made"), states);
        tree.real(tree.images(), "apply", "-auto-approve");
        assertEquals("made by the module: one", tree.given());
        tree.images("../../../modules//talos_images", "two");
        tree.applied();
        assertEquals("registry.test/acme/installer:two", tree.consumed());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aModuleCanTakeTheTreeBack(Judge judge) throws Exception {
        Tree tree = tree(judge, "back");
        tree.applied();
        assertEquals("registry.test/acme/installer:one", tree.given());
        tree.module();
        tree.real(tree.images(), "apply", "-auto-approve");
        assertEquals("made by the module: one", tree.given());
        tree.applied();
        assertEquals("registry.test/acme/installer:one", tree.consumed());
    }

    /** Terragrunt hashes a unit's path as it was come to. */
    @ParameterizedTest
    @MethodSource("versions")
    void aTreeIsReadByItsOwnNameAndByALink(Judge judge) throws Exception {
        Tree tree = tree(judge, "linked");
        Path link = Files.createSymbolicLink(world().folder().resolve("link-" + judge.version()), tree.root());
        Tree linked = new Tree(link, tree.terragrunt());
        linked.applied();
        assertEquals("registry.test/acme/installer:one", linked.given());
        assertEquals("registry.test/acme/installer:one", tree.given());
    }

    /** Version 0.96 reads a dependency in the usual cache, whatever the variable says. */
    @ParameterizedTest
    @MethodSource("versions")
    void anotherCacheIsHeeded(Judge judge) throws Exception {
        SortedMap<String, String> cache = new TreeMap<>();
        cache.put(
                "TG_DOWNLOAD_DIR",
                world().folder().resolve("cache-" + judge.version()).toString());
        Tree tree = tree(judge, "cache", cache);
        tree.applied(cache);
        assertEquals("registry.test/acme/installer:one", tree.given());
    }

    /** The lines that {@code outputs-out-of-reach} says. */
    @ParameterizedTest
    @MethodSource("versions")
    void theSuggestedLinesMakeOutputsFound(Judge judge) throws Exception {
        Tree tree = tree(judge, "told");
        String git = "git::https://example.invalid/m.git//talos_images?ref=v1";
        tree.images(git, "one");
        tree.applied();
        assertEquals("mock", tree.givenByReal());
        tree.file("live/root.hcl", ROOT.replace("\"terragrunt-cache/", "\"${get_terragrunt_dir()}/terragrunt-cache/"));
        tree.applied();
        assertEquals("registry.test/acme/installer:one", tree.given());

        tree.file("live/root.hcl", """
                remote_state {
                  backend = "s3"
                  config = { bucket = "b", key = "k", region = "r" }
                }
                """);
        tree.images(git, "two");
        Path unit = tree.images().resolve("terragrunt.hcl");
        Files.writeString(unit, Files.readString(unit) + """
                remote_state {
                  backend = "local"
                  config  = { path = "${get_terragrunt_dir()}/terraform.tfstate" }
                }
                """);
        tree.applied();
        assertEquals("registry.test/acme/installer:two", tree.given());
    }
}
