package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import dev.talosforge.testkit.Judge.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every unit of small trees has the inputs that the real program gives it, and is refused where that refuses it. */
@Tag("conformance")
class TerragruntValuesTest {
    private static final Path TREES = Path.of("core/src/test/resources/judged");

    @TempDir
    private Path folder;

    static Stream<Arguments> trees() throws IOException {
        try (Stream<Path> trees = Files.list(TREES)) {
            List<String> names = trees.map(tree -> String.valueOf(tree.getFileName()))
                    .sorted()
                    .toList();
            return names.stream().flatMap(name -> Terragrunt.versions().map(judge -> Arguments.of(name, judge)));
        }
    }

    @ParameterizedTest
    @MethodSource("trees")
    void aUnitHasTheSameInputs(String name, Judge judge) throws Exception {
        TreeFolder tree = TreeFolder.in(Files.createDirectories(folder.resolve("tree")));
        Path from = TREES.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                tree.file(from.relativize(file).toString(), Files.readString(file));
            }
        }
        Terragrunt terragrunt = new Terragrunt(judge, Files.createDirectories(folder.resolve("home")), new TreeMap<>());
        Workspace workspace = Workspace.open(tree.root(), EvaluationSettings.validating(Map.of()));
        assertTrue(!workspace.units().isEmpty(), name);
        for (Path unit : workspace.units()) {
            if (name.startsWith("refused-")) {
                Result result = terragrunt.run(unit, "render", "--json");
                assertTrue(result.err().contains("ERROR"), result::toString);
                assertNotEquals(
                        "none",
                        tree.problems(workspace, tree.root().relativize(unit).toString()));
            } else {
                JsonObject real = terragrunt.inputs(unit);
                Json ours = ValueJson.toJson(
                        Value.object(new TreeMap<>(Workspace.open(tree.root(), EvaluationSettings.validating(Map.of()))
                                .evaluate(unit)
                                .inputs())));
                assertNotNull(ours);
                assertEquals(sorted(real).pretty(), sorted((JsonObject) ours).pretty());
            }
        }
    }

    private static JsonObject sorted(JsonObject object) {
        Json.Builder sorted = Json.object();
        new TreeMap<>(object.members())
                .forEach((name, value) -> sorted.put(name, value instanceof JsonObject inner ? sorted(inner) : value));
        return sorted.build();
    }
}
