package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.JsonSyntax;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole trees of several layouts, compared with what is kept beside them. {@code -Dgolden.update=true} writes that
 * anew, and fails, so that it is never on by accident.
 */
class TreesTest {
    private static final Path TREES = Path.of("core/src/test/resources/trees");
    private static final String EXPECTED = "expected";

    @TempDir
    Path folder;

    private TreeFolder copy(String name, boolean windows) throws IOException {
        Path from = TREES.resolve(name);
        TreeFolder tree = TreeFolder.in(folder);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!String.valueOf(file.getFileName()).startsWith(EXPECTED)) {
                    String text = Files.readString(file);
                    tree.file(from.relativize(file).toString(), windows ? text.replace("\n", "\r\n") : text);
                }
            }
        }
        return name.startsWith("mistakes") ? tree : tree.file(".git/HEAD", "");
    }

    private static EvaluationSettings settings() {
        return EvaluationSettings.validating(Map.of("HOME", "/home/ada"))
                .withOwnModules(List.of("talos_extension", "talos_images", "talos_proxmox_upload"));
    }

    private static String rendered(TreeFolder tree) {
        Json.Builder units = Json.object();
        for (Unit unit : Workspace.open(tree.root(), settings()).evaluateAll()) {
            Json.Builder inputs = Json.object();
            unit.inputs().forEach((name, value) -> inputs.put(name, shown(value)));
            Json.Builder one = Json.object()
                    .put("source", unit.source() == null ? Json.ofNull() : Json.of(unit.source()))
                    .put("module", unit.module() == null ? Json.ofNull() : Json.of(unit.module()))
                    .put("inputs", inputs.build())
                    .put(
                            "dependencies",
                            Json.array(
                                    unit.dependencies(),
                                    one1 -> Json.of("%s = %s, %s"
                                            .formatted(
                                                    one1.name(),
                                                    tree.root().relativize(one1.directory()),
                                                    one1.outputs()))))
                    .put("includes", Json.array(unit.includes(), file -> Json.of(file.toString())))
                    .put(
                            "state",
                            unit.remoteState() == null
                                    ? Json.ofNull()
                                    : ValueJson.toJson(
                                            Value.object(unit.remoteState().config())))
                    .put("skipped", Json.of(unit.skipped()))
                    .put("notes", Json.array(unit.notes(), Json::of));
            units.put(unit.name(), one.build());
        }
        return units.build().pretty().replace(tree.root().toString(), "ROOT").stripTrailing() + "\n";
    }

    /** As JSON, but what is not known is told from null. */
    private static Json shown(Value value) {
        return switch (value) {
            case Value.Unknown _ -> Json.of("<not known yet>");
            case Value.Sequence(var _, List<Value> items) -> Json.array(items, TreesTest::shown);
            case Value.Mapping(var _, var members) -> {
                Json.Builder object = Json.object();
                members.forEach((name, member) -> object.put(name, shown(member)));
                yield object.build();
            }
            default -> ValueJson.toJson(value);
        };
    }

    private static void check(String name, String file, String text) throws IOException {
        Path kept = TREES.resolve(name).resolve(file);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(kept, text);
            throw new AssertionError(kept + " was written: look at the difference, then run without golden.update");
        }
        assertEquals(Files.readString(kept, StandardCharsets.UTF_8), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flat", "environments", "merging", "catalog", "json", "consumers"})
    void aTreeIsEvaluatedAsAWhole(String name) throws IOException {
        check(name, EXPECTED + ".json", rendered(copy(name, false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flat", "environments", "merging", "catalog", "json", "consumers"})
    void lineEndsOfWindowsChangeNothing(String name) throws IOException {
        String windows = rendered(copy(name, true));
        assertFalse(windows.contains("\\r"), windows);
        assertEquals(Files.readString(TREES.resolve(name).resolve(EXPECTED + ".json")), windows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistakes-in-blocks", "mistakes-in-places", "mistakes-in-values"})
    void allMistakesOfATreeAreReported(String name) throws IOException {
        TreeFolder tree = copy(name, false);
        Workspace workspace = Workspace.open(tree.root(), settings());
        BuildException failure = assertThrows(BuildException.class, workspace::evaluateAll);
        check(name, EXPECTED + ".txt", tree.shown(failure.problems()) + "\n");
    }

    @Test
    void featuresAreSetFromOutside() throws IOException {
        TreeFolder tree = copy("catalog", false);
        EvaluationSettings settings = settings().withFeatures(Map.of("canary", "true", "replicas", "4"));
        Unit service =
                Workspace.open(tree.root(), settings).evaluate(tree.root().resolve("live/service"));
        assertEquals(Value.of(true), service.inputs().get("canary"));
        assertEquals(Value.of("4"), service.inputs().get("replicas")); // as Terragrunt: only a bool is converted
        assertEquals(true, service.skipped());
        TreeFolder wrong = copy("mistakes-in-values", false);
        assertEquals(
                "set/terragrunt.hcl:1:1+11 cannot set feature \"f\": its default is a bool, it was set to \"often\""
                        + " | set it to true or false",
                wrong.problems(Workspace.open(wrong.root(), settings().withFeatures(Map.of("f", "often"))), "set"));
    }

    @Test
    void aUnitOfOursWantsItsValues() throws IOException {
        TreeFolder tree = copy("consumers", false);
        tree.file(
                "ours/terragrunt.hcl",
                "terraform {\n  source = \"../modules//talos_images\"\n}\ninputs = { talos_version = timestamp() }\n");
        assertEquals(
                "ours/terragrunt.hcl:4:28+11 cannot call timestamp: its result differs from call to call, and the same"
                        + " inputs must give the same images",
                tree.problems(Workspace.open(tree.root(), settings()), "ours"));
    }

    @Test
    void everyCutOfAJsonFileIsAProblem() throws IOException {
        String text = Files.readString(TREES.resolve("json/images/terragrunt.hcl.json"))
                .stripTrailing();
        for (int length = 0; length < text.length(); length++) {
            SourceText cut = SourceText.of(Path.of("/tree/terragrunt.hcl.json"), text.substring(0, length));
            BuildException failure = assertThrows(BuildException.class, () -> JsonSyntax.parse(cut));
            assertEquals(
                    "cannot parse terragrunt.hcl.json",
                    failure.problems().getFirst().what());
        }
        SourceText deep = SourceText.of(Path.of("/tree/terragrunt.hcl.json"), "{\"a\":" + "[".repeat(100_000));
        assertEquals(
                "expected at most 100 levels, found \"[\"",
                assertThrows(BuildException.class, () -> JsonSyntax.parse(deep))
                        .problems()
                        .getFirst()
                        .why());
    }
}
