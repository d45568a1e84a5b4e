package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.support.JsonDifferences;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a unit of ours is given by one that the real Terragrunt applied, wherever that keeps its state. */
@Tag("conformance")
class TerragruntGivesOutputsTest {
    private static final String BACKEND = """
            terraform {
              backend "local" {}
            }
            """;

    /** An output of each type, and of each value that is easily spoilt. */
    private static final String OUTPUTS = """
            variable "tag" {}
            resource "terraform_data" "made" {
              input = var.tag
            }
            output "text" { value = terraform_data.made.output }
            output "odd" { value = "größe 🚀 $${x} %%{y} \\"q\\" \\\\ \\n\\t<&>\\u2028\\u00a0" }
            output "empty" { value = "" }
            output "digits" { value = "007" }
            output "truth" { value = "true" }
            output "number" { value = 42 }
            output "fraction" { value = 0.1 }
            output "long" { value = 12345678901234567890123 }
            output "small" { value = -1.5e-7 }
            output "yes" { value = true }
            output "nothing" { value = null }
            output "list" { value = tolist(["a", "b"]) }
            output "set" { value = toset(["z", "a"]) }
            output "tuple" { value = ["a", 1, true, null, { k = [] }] }
            output "map" { value = tomap({ b = 1, a = 2 }) }
            output "object" {
              value = { nodes = { pve01 = "x", pve02 = null }, n = [1, [2, { "a b" = 0.5 }]], e = {}, l = [] }
            }
            output "secret" {
              value     = "hush ${var.tag}"
              sensitive = true
            }
            """;

    /** What the root says of the state, and whether the module has to name a backend for it. */
    enum Kept {
        NOWHERE("", false),
        RELATIVE("""
                remote_state {
                  backend = "local"
                  config  = { path = "state/${path_relative_to_include()}/terraform.tfstate" }
                }
                """, true),
        ABSOLUTE("""
                remote_state {
                  backend = "local"
                  config  = { path = "${get_repo_root()}/state/${path_relative_to_include()}.tfstate" }
                }
                """, true),
        GENERATED("""
                remote_state {
                  backend  = "local"
                  generate = { path = "backend.tf", if_exists = "overwrite_terragrunt" }
                  config   = { path = "state/terraform.tfstate" }
                }
                """, false);

        private final String root;
        private final boolean named;

        Kept(String root, boolean named) {
            this.root = root;
            this.named = named;
        }
    }

    @TempDir
    private Path folder = Path.of("");

    static Stream<Arguments> places() {
        return Terragrunt.versions().flatMap(judge -> Stream.of(Kept.values()).map(kept -> Arguments.of(judge, kept)));
    }

    private JudgedTree tree(Judge judge, Kept kept, SortedMap<String, String> more) throws Exception {
        JudgedTree tree = JudgedTree.in(folder, judge, more)
                .file("modules/maker/main.tf", (kept.named ? BACKEND : "") + OUTPUTS)
                .file("live/root.hcl", "# of all units\n" + kept.root)
                .file("live/consumer/terragrunt.hcl", """
                        include "root" { path = find_in_parent_folders("root.hcl") }
                        dependency "maker" { config_path = "../maker" }
                        inputs = {
                          all   = dependency.maker.outputs
                          one   = dependency.maker.outputs.object.n[1][1]["a b"]
                          node  = dependency.maker.outputs.object.nodes["pve01"]
                          count = length(dependency.maker.outputs.tuple) + dependency.maker.outputs.number
                        }
                        """);
        maker(tree, "../../modules//maker", "one");
        return tree;
    }

    private static void maker(JudgedTree tree, String source, String tag) throws Exception {
        tree.file("live/maker/terragrunt.hcl", """
                include "root" { path = find_in_parent_folders("root.hcl") }
                terraform { source = "%s" }
                inputs = { tag = "%s" }
                """.formatted(source, tag));
    }

    private static JsonObject rendered(JudgedTree tree, SortedMap<String, String> environment) throws Exception {
        CommandLineRun run = CommandLineRun.in(tree.at("live/consumer"), environment, "render");
        assertEquals(0, run.code(), run::toString);
        return JsonReader.readObject("ours", run.out().getBytes(UTF_8));
    }

    /** The values of all outputs, and the tag that the maker has now. */
    private static void assertGiven(String tag, JudgedTree tree, SortedMap<String, String> environment)
            throws Exception {
        tree.real("live/maker", "apply", "-auto-approve", "-input=false");
        JsonObject ours = rendered(tree, environment);
        JsonObject outputs = ours.object("all");
        assertNotNull(outputs, ours::compact);
        assertEquals(tag, outputs.text("text"));
        assertEquals(List.of(), JsonDifferences.of("inputs", tree.terragrunt().inputs(tree.at("live/consumer")), ours));
    }

    private static void assertGiven(String tag, JudgedTree tree) throws Exception {
        assertGiven(tag, tree, new TreeMap<>());
    }

    @ParameterizedTest
    @MethodSource("places")
    void everyValueArrivesAsTerragruntGivesIt(Judge judge, Kept kept) throws Exception {
        JudgedTree tree = tree(judge, kept, new TreeMap<>());
        assertGiven("one", tree);
        maker(tree, "../../modules//maker", "two");
        assertGiven("two", tree);

        CommandLineRun reported = CommandLineRun.in(tree.at("live"), new TreeMap<>(), "run-all", "output", "--json");
        JsonObject byUnit = JsonReader.readObject("ours", reported.out().getBytes(UTF_8));
        JsonObject ours = byUnit.object("maker");
        assertNotNull(ours, reported::toString);
        assertEquals(List.of(), JsonDifferences.of("outputs", tree.outputs("live/maker"), ours));
    }
}
