package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.ProcessPrograms;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    @TempDir
    Path folder;

    private TreeFolder tree;

    @BeforeEach
    void tree() {
        tree = TreeFolder.in(folder);
    }

    @Test
    void searchesNeitherHiddenFoldersNorLinks() throws IOException {
        tree.file("a/terragrunt.hcl", "")
                .file("a/.terragrunt-cache/x/terragrunt.hcl", "")
                .file(".git/HEAD", "");
        tree.file("root/terragrunt.hcl", "")
                .file("root/b/terragrunt.hcl", "include {\n  path = find_in_parent_folders()\n}\n");
        Files.createSymbolicLink(tree.root().resolve("a/loop"), tree.root());
        assertEquals(
                List.of(tree.root().resolve("a"), tree.root().resolve("root/b")),
                tree.open().units());
    }

    @Test
    void includesAreMergedByTheirStrategy() {
        tree.file("root.hcl", "locals {\n  x = 1\n}\ninputs = {\n  a = \"root\"\n  list = [1]\n  map = { r = 1 }\n}\n");
        String include = """
                include "r" {
                  path = find_in_parent_folders("root.hcl")
                  merge_strategy = "%s"
                  expose = true
                }
                inputs = {
                  list = [2]
                  map = { u = include.r.locals.x }
                }
                """;
        tree.file("shallow/terragrunt.hcl", include.formatted("shallow"));
        tree.file("deep/terragrunt.hcl", include.formatted("deep"));
        tree.file("none/terragrunt.hcl", include.formatted("no_merge"));
        tree.file("wrong/terragrunt.hcl", include.formatted("depp"));
        assertEquals("[2] {\"u\":1} \"root\"", inputs("shallow"));
        assertEquals("[1,2] {\"r\":1,\"u\":1} \"root\"", inputs("deep"));
        assertEquals("[2] {\"u\":1} missing", inputs("none"));
        assertEquals(
                "wrong/terragrunt.hcl:3:20+6 cannot merge like this: merge_strategy is one of no_merge, shallow, deep",
                tree.problems("wrong"));
    }

    private String inputs(String unit) {
        return tree.input(unit, "list") + " " + tree.input(unit, "map") + " " + tree.input(unit, "a");
    }

    @Test
    void includeOfNoNameIsExposedAsItself() {
        tree.file("root.hcl", "locals {\n  x = { y = 1 }\n}\n");
        tree.file(
                "u/terragrunt.hcl",
                "include {\n  path = \"../root.hcl\"\n  expose = true\n}\ninputs = { a = include.locals.x.y }\n");
        assertEquals("1", tree.input("u", "a"));
    }

    @Test
    void pathsAreSeenFromTheUnit() {
        tree.file(".git/HEAD", "").file("live/root.hcl", """
                locals {
                  to   = path_relative_to_include()
                  from = path_relative_from_include()
                  dir  = get_terragrunt_dir()
                  up   = get_parent_terragrunt_dir()
                }
                inputs = merge(local, { text = file("own.txt") })
                """);
        tree.file("live/own.txt", "own").file("live/a/b/terragrunt.hcl", """
                include "root" {
                  path = find_in_parent_folders("root.hcl")
                }
                inputs = {
                  rel    = path_relative_to_include("root")
                  repo   = [get_path_to_repo_root(), get_path_from_repo_root()]
                  none   = find_in_parent_folders("nowhere.hcl", "fallback")
                  folder = basename(find_in_parent_folders("a"))
                  env    = [get_env("STAGE"), get_env("NO_SUCH", "x")]
                  home   = pathexpand("~/x")
                  cmd    = get_terraform_command()
                }
                """);
        assertEquals("\"a/b\"", tree.input("live/a/b", "to"));
        assertEquals("\"../..\"", tree.input("live/a/b", "from"));
        assertEquals("\"" + tree.root() + "/live/a/b\"", tree.input("live/a/b", "dir"));
        assertEquals("\"" + tree.root() + "/live\"", tree.input("live/a/b", "up"));
        assertEquals("\"own\"", tree.input("live/a/b", "text"));
        assertEquals("\"a/b\"", tree.input("live/a/b", "rel"));
        assertEquals("[\"../../..\",\"live/a/b\"]", tree.input("live/a/b", "repo"));
        assertEquals("\"fallback\"", tree.input("live/a/b", "none"));
        assertEquals("\"a\"", tree.input("live/a/b", "folder"));
        assertEquals("[\"test\",\"x\"]", tree.input("live/a/b", "env"));
        assertEquals("\"/home/ada/x\"", tree.input("live/a/b", "home"));
        assertEquals("\"validate\"", tree.input("live/a/b", "cmd"));
    }

    @Test
    void filesOfAnIncludedFileAreSoughtFromItsFolder() {
        for (String folder : List.of("live", "live/app")) {
            tree.file(folder + "/x.txt", folder)
                    .file(folder + "/t.tpl", "${v} of " + folder)
                    .file(folder + "/v.tfvars", "a = \"" + folder + "\"")
                    .file(folder + "/d/" + folder.replace('/', '-'), "");
        }
        tree.file("live/only.txt", "").file("live/root.hcl", """
                locals {
                  a = file("x.txt")
                }
                inputs = {
                  local  = local.a
                  files  = [file("./x.txt"), filebase64("x.txt"), file("${get_terragrunt_dir()}/x.txt")]
                  text   = templatefile("t.tpl", { v = path_relative_to_include() })
                  exists = [fileexists("only.txt"), fileexists("app/x.txt")]
                  set    = [fileset(".", "o*"), fileset("d", "*")]
                  sums   = [filemd5("x.txt"), filesha1("x.txt"), filesha256("x.txt")]
                  same   = [filebase64sha256("x.txt") == base64sha256("live"), filesha512("x.txt") == sha512("live")]
                  theirs = jsondecode(read_tfvars_file("v.tfvars")).a
                }
                """);
        tree.file("live/app/terragrunt.hcl", """
                include "root" {
                  path = find_in_parent_folders("root.hcl")
                }
                """);
        assertEquals("\"live\"", tree.input("live/app", "local"));
        assertEquals("[\"live\",\"bGl2ZQ==\",\"live/app\"]", tree.input("live/app", "files"));
        assertEquals("\"app of live\"", tree.input("live/app", "text"));
        assertEquals("[true,true]", tree.input("live/app", "exists"));
        assertEquals("[[\"only.txt\"],[\"live\"]]", tree.input("live/app", "set"));
        assertEquals(
                "[\"d0dbe915091d400bd8ee7f27f0791303\",\"98aadb37083eddd855c27feccb15dc8c5b127fd0\","
                        + "\"247610f4dedd4ab7247d07dbda19c81ca9817f85820742cad49d407ffae9e4ed\"]",
                tree.input("live/app", "sums"));
        assertEquals("[true,true]", tree.input("live/app", "same"));
        assertEquals("\"live/app\"", tree.input("live/app", "theirs"));
    }

    @Test
    void nothingIsIncludedYetWhereAnIncludeSaysItsPath() {
        tree.file("live/root.hcl", "inputs = { root = path_relative_to_include() }\n")
                .file("live/common/c.hcl", "inputs = { which = \"beside\" }\n")
                .file("live/common/apps/x/c.hcl", "inputs = { which = \"below\" }\n")
                .file("live/apps/x/x.hcl", "locals {\n  v = 5\n}\ninputs = { m = { b = 2 } }\n")
                .file("live/apps/x/terragrunt.hcl", """
                include "root" {
                  path = "${path_relative_to_include()}/../../root.hcl"
                }
                include "common" {
                  path = "../../common/${path_relative_to_include("root")}/c.hcl"
                }
                include "own" {
                  path           = "${path_relative_from_include("no such")}/${basename(get_parent_terragrunt_dir("root"))}.hcl"
                  expose         = path_relative_from_include() == "."
                  merge_strategy = path_relative_to_include() == "." ? "deep" : "no_merge"
                }
                inputs = { v = include.own.locals.v, m = { u = 1 }, to = path_relative_to_include("root") }
                """)
                .file("live/wrong/terragrunt.hcl", """
                locals {
                  x = "../root.hcl"
                }
                include "root" {
                  path = local.x
                }
                """);
        assertEquals("\"apps/x\"", tree.input("live/apps/x", "root"));
        assertEquals("\"beside\"", tree.input("live/apps/x", "which"));
        assertEquals("5", tree.input("live/apps/x", "v"));
        assertEquals("{\"b\":2,\"u\":1}", tree.input("live/apps/x", "m"));
        assertEquals("\"apps/x\"", tree.input("live/apps/x", "to"));
        assertEquals(
                "live/wrong/terragrunt.hcl:5:10+5 unknown name \"local\": known here: values",
                tree.problems("live/wrong"));
    }

    @Test
    void sharedFilesAreEvaluatedOnceUnlessTheyAskWhoReads() {
        tree.file("common/who.hcl", "locals {\n  who = basename(get_original_terragrunt_dir())\n}\n");
        for (String unit : List.of("a", "b")) {
            tree.file(unit + "/terragrunt.hcl", "inputs = read_terragrunt_config(\"../common/who.hcl\").locals\n");
        }
        Workspace workspace = tree.open();
        assertEquals(
                Value.of("a"),
                workspace.evaluate(tree.root().resolve("a")).inputs().get("who"));
        assertEquals(
                Value.of("b"),
                workspace.evaluate(tree.root().resolve("b")).inputs().get("who"));
        assertEquals(3, workspace.parsedFiles());
    }

    @Test
    void filesThatNeedThemselvesAreNamed() {
        tree.file("a.hcl", "locals {\n  b = read_terragrunt_config(\"b.hcl\")\n}\n");
        tree.file("b.hcl", "locals {\n  a = read_terragrunt_config(\"a.hcl\")\n}\n");
        tree.file("u/terragrunt.hcl", "locals {\n  a = read_terragrunt_config(\"../a.hcl\")\n}\n");
        assertTrue(
                tree.problems("u").endsWith("cannot read ROOT/a.hcl: the file needs itself: a.hcl -> b.hcl -> a.hcl"),
                tree.problems("u"));
    }

    @Test
    void allProblemsOfAUnitComeAtOnce() {
        tree.file("u/terragrunt.hcl", """
                locals {
                  a = upcase("x")
                }
                dependancy "x" {}
                skipp = true
                dependency "gone" {
                  config_path = "../gone"
                }
                inputs = {
                  one = local.b
                  two = 1 / 0
                }
                """);
        assertEquals("""
                u/terragrunt.hcl:5:1+5 unknown attribute "skipp": known here: inputs, skip, prevent_destroy, download_dir, terraform_binary, terraform_version_constraint, terragrunt_version_constraint, iam_role, iam_assume_role_duration, iam_assume_role_session_name, iam_web_identity_token, retryable_errors, retry_max_attempts, retry_sleep_interval_sec, remote_state, generate, locals, dependencies | did you mean "skip"?
                u/terragrunt.hcl:4:1+14 unknown block "dependancy": known here: include, locals, dependency, dependencies, terraform, remote_state, generate, exclude, feature, errors, engine, catalog | did you mean "dependency"?
                u/terragrunt.hcl:2:7+6 unknown function "upcase": there is no function of this name
                u/terragrunt.hcl:7:17+9 cannot use dependency "gone": there is no terragrunt.hcl in gone
                u/terragrunt.hcl:10:9+7 unknown name "local.b": known here: a | did you mean "a"?
                u/terragrunt.hcl:11:13+1 cannot divide: the divisor is zero""", tree.problems("u"));
    }

    @Test
    void missingOutputsFollowThePolicy() {
        tree.file("a/terragrunt.hcl", "");
        tree.file("u/terragrunt.hcl", """
                dependency "a" {
                  config_path = "../a"
                  mock_outputs = { x = 1 }
                  mock_outputs_allowed_terraform_commands = ["plan"]
                }
                inputs = { x = try(dependency.a.outputs.x, "swallowed") }
                """);
        String missing = "u/terragrunt.hcl:1:1+14 dependency \"a\" has no outputs yet: nothing is recorded for a"
                + " | run: apply in ROOT/a";
        Unit looked = workspace("validate", MockPolicy.MOCKS_ALLOWED, OutputsSource.none())
                .evaluate(tree.root().resolve("u"));
        assertEquals(Map.of("x", Value.unknown()), looked.inputs());
        assertEquals(
                Dependency.Outputs.MISSING, looked.dependencies().getFirst().outputs());
        assertEquals(
                List.of(
                        "ROOT/u/terragrunt.hcl:1:1: dependency \"a\" has no outputs yet, so values that use them are not known;"
                                + " to create them, run: apply in ROOT/a"),
                looked.notes().stream()
                        .map(note -> note.replace(tree.root().toString(), "ROOT"))
                        .toList());
        assertEquals(missing, tree.problems(workspace("apply", MockPolicy.REAL_ONLY, OutputsSource.none()), "u"));
        Unit planned = workspace("plan", MockPolicy.MOCKS_ALLOWED, OutputsSource.none())
                .evaluate(tree.root().resolve("u"));
        assertEquals(List.of("a"), planned.mockedDependencies());
        OutputsSource recorded = (_, _) -> new TreeMap<>(Map.of("x", Value.of(2)));
        Unit real = workspace("apply", MockPolicy.REAL_ONLY, recorded)
                .evaluate(tree.root().resolve("u"));
        assertEquals(Value.of(2), real.inputs().get("x"));
    }

    @Test
    void unknownOutputsAreShownAsSuch() {
        tree.file("a/terragrunt.hcl", "");
        tree.file(
                "u/terragrunt.hcl",
                "dependency \"a\" {\n  config_path = \"../a\"\n}\ninputs = { x = dependency.a.outputs.x }\n");
        Unit unit = workspace("graph", MockPolicy.UNKNOWN_ALLOWED, OutputsSource.none())
                .evaluate(tree.root().resolve("u"));
        assertEquals(Value.unknown(), unit.inputs().get("x"));
        assertEquals(Dependency.Outputs.MISSING, unit.dependencies().getFirst().outputs());
    }

    @Test
    void mocksFillUpWhatIsRecordedExceptForAnApply() {
        tree.file("a/terragrunt.hcl", "");
        tree.file("u/terragrunt.hcl", """
                dependency "a" {
                  config_path = "../a"
                  mock_outputs = { x = 1, new = "mock" }
                  mock_outputs_merge_strategy_with_state = "shallow"
                }
                inputs = dependency.a.outputs
                """);
        OutputsSource recorded = (_, _) -> new TreeMap<>(Map.of("x", Value.of(2)));
        Unit planned = workspace("plan", MockPolicy.MOCKS_ALLOWED, recorded)
                .evaluate(tree.root().resolve("u"));
        assertEquals(Map.of("x", Value.of(2), "new", Value.of("mock")), planned.inputs());
        assertEquals(List.of("a"), planned.mockedDependencies());
        Unit applied = workspace("apply", MockPolicy.REAL_ONLY, recorded)
                .evaluate(tree.root().resolve("u"));
        assertEquals(Map.of("x", Value.of(2)), applied.inputs());
    }

    private Workspace workspace(String command, MockPolicy mocks, OutputsSource outputs) {
        return Workspace.open(
                tree.root(), new EvaluationSettings(command, new TreeMap<>(), outputs, mocks, ProgramRunner.refused()));
    }

    @Tag("reference")
    @Test
    void programsRunOnlyWhenAllowed() {
        tree.file(
                "u/terragrunt.hcl",
                "inputs = { x = try(run_cmd(\"--terragrunt-quiet\", \"echo\", \"a b\"), \"swallowed\") }\n");
        assertEquals(Map.of("x", Value.unknown()), tree.unit("u").inputs());
        ProgramRunner programs =
                new ProcessPrograms(Duration.ofMinutes(5), new TreeMap<>(Map.of("PATH", "/usr/bin:/bin")));
        Workspace allowed =
                Workspace.open(tree.root(), EvaluationSettings.applying(Map.of(), OutputsSource.none(), programs));
        assertEquals(
                Value.of("a b"),
                allowed.evaluate(tree.root().resolve("u")).inputs().get("x"));
        tree.file("slow/terragrunt.hcl", "inputs = { x = run_cmd(\"sleep\", \"60\") }\n");
        ProgramRunner impatient =
                new ProcessPrograms(Duration.ofMillis(200), new TreeMap<>(Map.of("PATH", "/usr/bin:/bin")));
        assertEquals(
                "slow/terragrunt.hcl:1:16+22 cannot call run_cmd: \"sleep\" did not end within 0 s",
                tree.problems(
                        Workspace.open(
                                tree.root(), EvaluationSettings.applying(Map.of(), OutputsSource.none(), impatient)),
                        "slow"));
    }

    @Test
    void theSameProgramRunsOnce() {
        tree.file("u/terragrunt.hcl", "inputs = {\n  a = run_cmd(\"x\")\n  b = [run_cmd(\"x\"), run_cmd(\"y\")]\n}\n");
        List<String> ran = new java.util.ArrayList<>();
        ProgramRunner programs = (command, _) -> {
            ran.add(command.getFirst());
            return command.getFirst() + "\n";
        };
        Workspace workspace =
                Workspace.open(tree.root(), EvaluationSettings.applying(Map.of(), OutputsSource.none(), programs));
        assertEquals(
                Value.tuple(List.of(Value.of("x"), Value.of("y"))),
                workspace.evaluate(tree.root().resolve("u")).inputs().get("b"));
        assertEquals(List.of("x", "y"), ran);
    }

    @Test
    void cloudsAndClocksAreNotSupported() {
        tree.file("u/terragrunt.hcl", "inputs = {\n  a = get_aws_account_id()\n  b = timestamp()\n}\n");
        BuildException failure = assertThrows(BuildException.class, () -> tree.unit("u"));
        assertEquals(
                List.of(Problem.Kind.NOT_SUPPORTED, Problem.Kind.NOT_SUPPORTED),
                failure.problems().stream().map(Problem::kind).toList());
    }

    @Test
    void readsDataAndTemplates() {
        tree.file("u/data.yaml", "a: [1, 0x10, 1.5, true, ~, \"x\"]\nb: &b {c: d}\ne: *b\n");
        tree.file("u/list.tftpl", "%{ for x in xs ~}\n- ${upper(x)}\n%{ endfor ~}\n");
        tree.file("u/terragrunt.hcl", """
                inputs = {
                  yaml     = yamldecode(file("data.yaml"))
                  json     = jsondecode("{\\"b\\": [1, null], \\"a\\": \\"<\\"}")
                  encoded  = jsonencode({ b = [1, null], a = "<" })
                  written  = yamlencode({ b = [1, { c = "x" }], a = {}, t = "l1\\nl2\\n" })
                  template = templatefile("list.tftpl", { xs = ["a", "b"] })
                  files    = fileset(".", "*.{yaml,tftpl}")
                  digest   = filesha256("data.yaml") == sha256(file("data.yaml"))
                  there    = [fileexists("data.yaml"), fileexists("no.yaml")]
                }
                """);
        assertEquals(
                "{\"a\":[1,16,1.5,true,null,\"x\"],\"b\":{\"c\":\"d\"},\"e\":{\"c\":\"d\"}}", tree.input("u", "yaml"));
        assertEquals("{\"a\":\"\\u003c\",\"b\":[1,null]}", tree.input("u", "json"));
        Unit unit = tree.unit("u");
        assertEquals(
                Value.of("{\"a\":\"\\u003c\",\"b\":[1,null]}"), unit.inputs().get("encoded"));
        assertEquals(
                Value.of("\"a\": {}\n\"b\":\n- 1\n- \"c\": \"x\"\n\"t\": |\n  l1\n  l2\n"),
                unit.inputs().get("written"));
        assertEquals(Value.of("- A\n- B\n"), unit.inputs().get("template"));
        assertEquals("[\"data.yaml\",\"list.tftpl\"]", tree.input("u", "files"));
        assertEquals("true", tree.input("u", "digest"));
        assertEquals("[true,false]", tree.input("u", "there"));
    }

    @Test
    void blocksOfOtherToolsAreReadAndNoted() {
        tree.file("u/terragrunt.hcl", """
                terraform {
                  source = "git::https://example.net/modules.git//stages/talos_extension?ref=v1"
                  after_hook "done" {
                    commands = ["plan"]
                    execute  = ["echo"]
                  }
                }
                errors {
                  retry "x" {
                    retryable_errors   = [".*"]
                    max_attempts       = 3
                    sleep_interval_sec = 5
                  }
                }
                feature "fast" {
                  default = true
                }
                exclude {
                  if      = feature.fast.value
                  actions = ["validate"]
                }
                prevent_destroy = true
                """);
        Unit unit = tree.unit("u");
        assertEquals("talos_extension", unit.module());
        assertTrue(unit.skipped());
        assertEquals(2, unit.notes().size());
        assertEquals(3, unit.hooks().retries().getFirst().attempts());
        assertTrue(unit.notes().getFirst().endsWith("terragrunt.hcl:3:3: after_hook \"done\" was read and left alone"));
        assertNull(unit.remoteState());
    }

    @Test
    void manyUnitsParseEachFileOnce() {
        tree.file(
                "root.hcl",
                "locals {\n  v = read_terragrunt_config(\"${get_parent_terragrunt_dir()}/common/v.hcl\")\n}\ninputs = { v = local.v.locals.v }\n");
        tree.file("common/v.hcl", "locals {\n  v = [for i in range(200) : \"x${i}\"]\n}\n");
        for (int i = 0; i < 500; i++) {
            tree.file(
                    "units/u" + i + "/terragrunt.hcl",
                    "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n"
                            + (i == 0
                                    ? ""
                                    : "dependency \"last\" {\n  config_path = \"../u" + (i - 1)
                                            + "\"\n  mock_outputs = {}\n}\n"));
        }
        Workspace workspace = tree.open();
        assertEquals(500, workspace.evaluateAll().size());
        assertEquals(502, workspace.parsedFiles());
    }

    /** Which stage a unit is has to be known before anything runs. */
    @Test
    void aSourceThatIsNotKnownSaysWhatMakesIt() {
        TreeFolder tree = TreeFolder.in(folder)
                .file("a/terragrunt.hcl", "")
                .file("program/terragrunt.hcl", "terraform { source = \"../${run_cmd(\"echo\", \"x\")}\" }\n")
                .file("cloud/terragrunt.hcl", "terraform { source = \"../${get_aws_account_id()}\" }\n")
                .file("output/terragrunt.hcl", """
                        dependency "a" {
                          config_path = "../a"
                        }
                        terraform {
                          source = dependency.a.outputs.module
                        }
                        """)
                .file("empty/terragrunt.hcl", "terraform { source = \"\" }\n");
        assertEquals(
                "program/terragrunt.hcl:1:22+28 cannot determine this source: it comes from a program, and it is needed before"
                        + " programs run | run them from the beginning: run programs",
                tree.problems("program"));
        assertEquals(
                "cloud/terragrunt.hcl:1:28+20 cannot call get_aws_account_id: it would query a cloud, which is not supported",
                tree.problems("cloud"));
        assertEquals(
                "output/terragrunt.hcl:5:12+27 cannot determine this source: it comes from outputs of another unit, which"
                        + " Terragrunt refuses, too | write it as a constant, or read it from a file",
                tree.problems("output"));
        assertEquals("none", tree.problems("empty"));
        assertEquals(null, tree.unit("empty").module());
    }
}
