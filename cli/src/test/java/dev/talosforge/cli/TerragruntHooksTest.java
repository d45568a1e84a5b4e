package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hooks that nobody wrote run as the real program runs them: which, in which order, where, with which environment, and
 * whether the unit ends well. {@code -Dhooks.seed=…} makes others. The hooks of {@code init} are left
 * out, which there is not here. So are relative working folders: they begin where the real program was started, which
 * is the unit in the vectors and is not in a run of several; and patterns that only the command of a failed hook fits,
 * in which 1.1 and ours look, and 0.96 does not.
 */
@Tag("conformance")
class TerragruntHooksTest {
    private static final int UNITS = 16;
    private static final long SEED = Long.getLong("hooks.seed", 1);

    /** One line for each call, in the unit's folder: what it is called with, where, and what Terragrunt tells it. */
    private static final String SCRIPT = """
            echo "$2 in $PWD for $TG_CTX_COMMAND as $TG_CTX_HOOK_NAME with $TG_CTX_TF_PATH and ${TF_VAR_name-none}" >> "$1"
            echo "says $2"
            exit $3
            """;

    /** Ends badly where the stage of ours does, and says the same word. */
    private static final String MODULE = """
            variable "sources" { type = any }
            resource "terraform_data" "made" {
              lifecycle {
                precondition {
                  condition     = !strcontains(jsonencode(var.sources), "boom")
                  error_message = "boom"
                }
              }
            }
            """;

    @TempDir
    private Path folder = Path.of("");

    static Stream<Judge> versions() {
        return Terragrunt.versions();
    }

    private static String one(RandomGenerator random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static String hooks(String by, RandomGenerator random) {
        StringBuilder out = new StringBuilder();
        for (String kind : List.of("before_hook", "after_hook", "error_hook")) {
            int first = random.nextInt(3);
            for (int i = random.nextInt(3); i >= 0; i--) {
                String label = "%s-%d".formatted(kind, first + i);
                out.append("  %s \"%s\" {%n".formatted(kind, label));
                out.append("    commands = [%s]%n"
                        .formatted(one(random, "\"apply\"", "\"apply\"", "\"plan\", \"apply\"", "\"plan\"", "\"*\"")));
                out.append(
                        "    execute = [\"sh\", \"${get_repo_root()}/hook.sh\", \"${get_terragrunt_dir()}/log\", \"%s %s\", \"%s\"]%n"
                                .formatted(by, label, one(random, "0", "0", "0", "0", "0", "0", "3")));
                if (kind.equals("error_hook")) {
                    out.append("    on_errors = [\"%s\"]%n"
                            .formatted(one(
                                    random,
                                    ".*",
                                    ".*boom.*",
                                    "nothing like it",
                                    "exit status 3",
                                    "^x$\", \".*status.*")));
                } else {
                    out.append(one(random, "", "", "    run_on_error = true\n", "    run_on_error = false\n"));
                    out.append(one(
                            random, "", "", "    if = false\n", "    if = basename(get_terragrunt_dir()) != \"u3\"\n"));
                    out.append(one(
                            random,
                            "",
                            "    working_dir = \"${get_terragrunt_dir()}/sub\"\n",
                            "    working_dir = \"${get_repo_root()}/live\"\n"));
                }
                out.append(one(random, "", "    suppress_stdout = true\n"));
                out.append("  }\n");
            }
        }
        return out.toString();
    }

    private JudgedTree tree(Judge judge) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        JudgedTree tree = JudgedTree.in(folder, judge)
                .file("hook.sh", SCRIPT)
                .file("modules/talos_extension/main.tf", MODULE)
                .file("live/root.hcl", "terraform {\n" + hooks("root", random) + "}\n");
        for (int i = 0; i < UNITS; i++) {
            String unit = "live/u%d/".formatted(i);
            tree.file(unit + "sub/here", "").file(unit + "log", "").file(unit + "terragrunt.hcl", """
                    %s
                    terraform {
                      source = "../../modules/talos_extension"
                    %s}
                    inputs = {
                      name               = "in"
                      version            = "v1.0.0"
                      extension_registry = "oci:image"
                      sources            = [%s]
                    }
                    """.formatted(
                            one(
                                    random,
                                    "",
                                    "include \"root\" { path = find_in_parent_folders(\"root.hcl\") }",
                                    "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n  merge_strategy = \"deep\"\n}"),
                            hooks("unit", random),
                            one(
                                    random,
                                    "{ files = { \"usr/local/share/hello.txt\" = \"text\" } }",
                                    "{ files = { \"usr/local/share/hello.txt\" = \"text\" } }",
                                    "{ image = \"oci:boom:latest\" }")));
        }
        return tree;
    }

    /** What the hooks of each unit wrote, and how it ended; the logs are empty again. */
    private static SortedMap<String, String> ran(JudgedTree tree, SortedMap<String, Boolean> well) throws Exception {
        SortedMap<String, String> ran = new TreeMap<>();
        for (int i = 0; i < UNITS; i++) {
            Path unit = tree.at("live/u" + i);
            // The copy of the module is where hooks of Terragrunt run by default, and the unit's folder is it for ours.
            String log = Files.readString(unit.resolve("log")).replaceAll("/\\.terragrunt-cache/[^/]+/[^/ ]+", "");
            ran.put("u" + i, "%s\n%s".formatted(Boolean.TRUE.equals(well.get("u" + i)) ? "well" : "badly", log));
            Files.writeString(unit.resolve("log"), "");
        }
        return ran;
    }

    private SortedMap<String, String> real(JudgedTree tree) throws Exception {
        Path report = folder.resolve("real.json");
        tree.terragrunt().run(tree.at("live"), "run", "--all", "--report-file", report.toString(), "apply");
        SortedMap<String, Boolean> well = new TreeMap<>();
        for (Json each : ((JsonArray) JsonReader.read("report", Files.readAllBytes(report))).items()) {
            JsonObject unit = (JsonObject) each;
            well.put(String.valueOf(unit.text("Name")), "succeeded".equals(unit.text("Result")));
        }
        return ran(tree, well);
    }

    private SortedMap<String, String> ours(JudgedTree tree) throws Exception {
        Path report = folder.resolve("ours.json");
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put("TG_TF_PATH", Judge.only("tofu").program().toString());
        CommandLineRun.in(tree.at("live"), environment, "run-all", "apply", "--report", report.toString());
        SortedMap<String, Boolean> well = new TreeMap<>();
        for (Json each :
                JsonReader.readObject("report", Files.readAllBytes(report)).items("units")) {
            JsonObject unit = (JsonObject) each;
            well.put(String.valueOf(unit.text("unit")), "applied".equals(unit.text("result")));
        }
        return ran(tree, well);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theSameHooksRun(Judge judge) throws Exception {
        String seeded = "repeat it with -Dhooks.seed=" + SEED;
        System.out.printf("%s, hooks of %d generated units, %s%n", judge, UNITS, seeded);
        JudgedTree tree = tree(judge);
        SortedMap<String, String> real = real(tree);
        SortedMap<String, String> ours = ours(tree);
        assertTrue(real.values().stream().anyMatch(log -> log.startsWith("well")), seeded);
        for (String unit : real.keySet()) {
            String file = Files.readString(tree.at("live/" + unit + "/terragrunt.hcl"));
            assertEquals(real.get(unit), ours.get(unit), () -> "%s, %s%n%s".formatted(unit, seeded, file));
        }
    }
}
