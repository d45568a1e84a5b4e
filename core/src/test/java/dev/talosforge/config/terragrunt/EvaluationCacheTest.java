package dev.talosforge.config.terragrunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.config.TreeFolder;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.EvaluationCache;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the workspaces of one command share, and what they must not. */
class EvaluationCacheTest {
    @TempDir
    Path folder;

    private TreeFolder tree;

    @BeforeEach
    void tree() {
        tree = TreeFolder.in(folder);
    }

    private Value input(Workspace workspace, String unit) {
        Value value = workspace.evaluate(tree.root().resolve(unit)).inputs().get("x");
        return value == null ? Value.ofNull() : value;
    }

    private static EvaluationSettings applying(OutputsSource outputs, ProgramRunner programs) {
        return EvaluationSettings.applying(Map.of(), outputs, programs);
    }

    @Test
    void filesAreParsedAndEvaluatedOnceForAllWorkspaces() {
        tree.file("root.hcl", """
                        locals {
                          c = read_terragrunt_config("../common/c.hcl").locals
                        }
                        inputs = { x = local.c.x }
                        """)
                .file("common/c.hcl", """
                        locals {
                          d = read_terragrunt_config("d.hcl").locals
                          x = local.d.x
                        }
                        """)
                .file("common/d.hcl", "locals {\n  x = join(\",\", range(100))\n}\n");
        for (int i = 0; i < 20; i++) {
            tree.file("u" + i + "/terragrunt.hcl", "include \"root\" {\n  path = \"../root.hcl\"\n}\n");
        }
        EvaluationCache cache = new EvaluationCache();
        for (int i = 0; i < 20; i++) {
            Workspace one = Workspace.open(tree.root(), applying(OutputsSource.none(), ProgramRunner.refused()), cache);
            assertEquals(input(one, "u0"), input(one, "u" + i));
        }
        assertEquals(23, cache.parsedFiles());
        assertEquals(2, cache.evaluatedFiles());
    }

    @Test
    void whatDependsOnOutputsIsNotHandedOn() {
        tree.file("a/terragrunt.hcl", "")
                .file("common.hcl", """
                        dependency "a" {
                          config_path = "a"
                        }
                        inputs = { x = dependency.a.outputs.x }
                        """)
                .file("over.hcl", "locals {\n  x = read_terragrunt_config(\"common.hcl\").inputs.x\n}\n")
                .file("u/terragrunt.hcl", """
                        locals {
                          first = read_terragrunt_config("../common.hcl").inputs.x
                        }
                        inputs = { x = "${local.first} ${read_terragrunt_config("../over.hcl").locals.x}" }
                        """);
        EvaluationCache cache = new EvaluationCache();
        for (int i = 1; i < 4; i++) {
            Value recorded = Value.of(i);
            Workspace one = Workspace.open(
                    tree.root(),
                    applying((_, _) -> new TreeMap<>(Map.of("x", recorded)), ProgramRunner.refused()),
                    cache);
            assertEquals(Value.of(i + " " + i), input(one, "u"));
            assertEquals(2 * i, cache.evaluatedFiles(), "once in each workspace");
            assertEquals(Value.of(i + " " + i), input(one, "u"));
            assertEquals(2 * i, cache.evaluatedFiles());
        }
    }

    @Test
    void whatOtherSettingsMakeIsNotHandedOn() {
        tree.file("c.hcl", "locals {\n  x = \"${get_terraform_command()} ${run_cmd(\"x\")}\"\n}\n")
                .file("u/terragrunt.hcl", "inputs = read_terragrunt_config(\"../c.hcl\").locals\n");
        EvaluationCache cache = new EvaluationCache();
        assertEquals(
                Value.unknown(),
                input(Workspace.open(tree.root(), EvaluationSettings.validating(Map.of()), cache), "u"));
        ProgramRunner programs = (_, _) -> "ran\n";
        assertEquals(
                Value.of("apply ran"),
                input(Workspace.open(tree.root(), applying(OutputsSource.none(), programs), cache), "u"));
        assertEquals(
                Value.unknown(),
                input(Workspace.open(tree.root(), EvaluationSettings.validating(Map.of()), cache), "u"));
    }

    @Test
    void whatIsNotSupportedIsReportedToEveryReader() {
        tree.file("c.hcl", "locals {\n  x = uuid()\n}\n")
                .file("u/terragrunt.hcl", "inputs = read_terragrunt_config(\"../c.hcl\").locals\n")
                .file("v/terragrunt.hcl", "inputs = read_terragrunt_config(\"../c.hcl\").locals\n")
                .file("w/terragrunt.hcl", "inputs = { x = 1 }\n");
        Workspace workspace = tree.open();
        String problem = "c.hcl:2:7+6 cannot call uuid: its result differs from call to call, and the same inputs must"
                + " give the same images";
        assertEquals(problem, tree.problems(workspace, "u"));
        assertEquals(problem, tree.problems(workspace, "v"));
        assertEquals(Value.of(1), input(workspace, "w"));
    }

    @Test
    void aProgramRunsOnceForSeveralThreads() throws Exception {
        tree.file(
                "c/c.hcl",
                "locals {\n  x = \"${run_cmd(\"same\")} ${run_cmd(\"--terragrunt-global-cache\", \"all\")}\"\n}\n");
        for (int i = 0; i < 8; i++) {
            tree.file("u" + i + "/terragrunt.hcl", """
                    inputs = {
                      x = "${read_terragrunt_config("../c/c.hcl").locals.x} ${run_cmd("--terragrunt-global-cache", "all")}"
                      y = run_cmd("here")
                      z = [run_cmd("--terragrunt-no-cache", "again"), run_cmd("--terragrunt-no-cache", "again")]
                    }
                    """);
        }
        Map<String, AtomicInteger> runs = new java.util.concurrent.ConcurrentHashMap<>();
        ProgramRunner programs = (command, _) -> {
            runs.computeIfAbsent(command.getFirst(), _ -> new AtomicInteger()).incrementAndGet();
            return command.getFirst() + "\n";
        };
        EvaluationCache cache = new EvaluationCache();
        CyclicBarrier together = new CyclicBarrier(8);
        List<Future<Value>> values = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                String unit = "u" + i;
                values.add(threads.submit(() -> {
                    together.await(120, TimeUnit.SECONDS);
                    return input(Workspace.open(tree.root(), applying(OutputsSource.none(), programs), cache), unit);
                }));
            }
            for (Future<Value> value : values) {
                assertEquals(Value.of("same all all"), value.get(120, TimeUnit.SECONDS));
            }
        }
        assertEquals("{again=16, all=1, here=8, same=1}", new TreeMap<>(runs).toString());
        assertEquals(9, cache.parsedFiles());
    }

    @Test
    void aFailureOfAProgramIsRememberedToo() {
        tree.file("c/c.hcl", "locals {\n  x = run_cmd(\"broken\")\n}\n");
        for (String unit : List.of("u", "v")) {
            tree.file(unit + "/terragrunt.hcl", "inputs = read_terragrunt_config(\"../c/c.hcl\").locals\n");
        }
        AtomicInteger runs = new AtomicInteger();
        ProgramRunner programs = (_, _) -> {
            runs.incrementAndGet();
            throw new FunctionFailure(Kind.ENVIRONMENT, -1, "\"broken\" exited with code 1", null);
        };
        EvaluationCache cache = new EvaluationCache();
        for (String unit : List.of("u", "v")) {
            Workspace one = Workspace.open(tree.root(), applying(OutputsSource.none(), programs), cache);
            assertEquals(
                    "c/c.hcl:2:7+17 cannot call run_cmd: \"broken\" exited with code 1",
                    tree.shown(assertThrows(
                                    BuildException.class,
                                    () -> one.evaluate(tree.root().resolve(unit)))
                            .problems()));
        }
        assertEquals(1, runs.get());
    }
}
