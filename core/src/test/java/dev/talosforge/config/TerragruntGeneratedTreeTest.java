package dev.talosforge.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.support.GeneratedTree;
import dev.talosforge.support.JsonDifferences;
import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import dev.talosforge.testkit.Judge.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A tree of 500 units that nobody wrote has the graph that the real program finds in it, and a sample of its units the
 * values. {@code -Dtree.seed=…} makes another tree.
 */
@Tag("conformance")
class TerragruntGeneratedTreeTest {
    private static final int UNITS = 500;
    private static final int SAMPLE = 30;

    private static final long SEED = Long.getLong("tree.seed", 1);

    @TempDir
    private Path folder = Path.of("");

    static Stream<Judge> versions() {
        return Terragrunt.versions();
    }

    private static String seeded(String what) {
        return "%s, repeat it with -Dtree.seed=%d".formatted(what, SEED);
    }

    private static List<String> sample(GeneratedTree generated) {
        SplittableRandom random = new SplittableRandom(generated.seed() + 1);
        SortedSet<String> sample = new TreeSet<>();
        while (sample.size() < SAMPLE) {
            sample.add(generated.units().get(random.nextInt(generated.units().size())));
        }
        return List.copyOf(sample);
    }

    private static SortedMap<String, SortedSet<String>> graph(Workspace workspace) {
        SortedMap<String, SortedSet<String>> graph = new TreeMap<>();
        for (DiscoveredUnit unit : workspace.discover()) {
            SortedSet<String> needs = new TreeSet<>();
            if (unit instanceof DiscoveredUnit.Outline outline) {
                outline.dependencies()
                        .forEach(needed ->
                                needs.add(workspace.root().relativize(needed).toString()));
            }
            graph.put(unit.name(), needs);
        }
        return graph;
    }

    private static Json json(SortedMap<String, SortedSet<String>> graph) {
        Json.Builder json = Json.object();
        graph.forEach((unit, needs) -> json.put(unit, Json.ofTexts(List.copyOf(needs))));
        return json.build();
    }

    /** What both say of a unit: its inputs, where its module is, and where its state is kept. */
    private static Json real(JsonObject rendered) {
        JsonObject state = rendered.object("remote_state");
        JsonObject terraform = rendered.object("terraform");
        Json inputs = rendered.get("inputs");
        Json config = state == null ? null : state.get("config");
        return Json.object()
                .put("inputs", inputs == null ? Json.ofNull() : inputs)
                .put("state", config == null ? Json.ofNull() : config)
                .put("source", terraform == null ? null : terraform.text("source"))
                .build();
    }

    private static Json ours(Unit unit) {
        RemoteState state = unit.remoteState();
        return Json.object()
                .put("inputs", ValueJson.toJson(Value.object(new TreeMap<>(unit.inputs()))))
                .put(
                        "state",
                        state == null ? Json.ofNull() : ValueJson.toJson(Value.object(new TreeMap<>(state.config()))))
                .put("source", unit.source())
                .build();
    }

    /** The lines that have a place in a file. */
    private static String why(Result result) {
        return result.err()
                .lines()
                .filter(line -> line.contains(".hcl:"))
                .distinct()
                .toList()
                .toString();
    }

    private static List<String> differences(JudgedTree tree, List<String> sample) throws Exception {
        Workspace workspace = Workspace.open(
                tree.at("live"),
                EvaluationSettings.validating(
                        Map.of("HOME", tree.terragrunt().home().toString())));
        List<String> differences = new ArrayList<>();
        for (String name : sample) {
            Result result = tree.terragrunt().run(tree.at("live/" + name), "render", "--json");
            boolean refused = result.code() != 0 || result.err().contains("ERROR");
            try {
                Unit unit = workspace.evaluate(tree.at("live/" + name));
                if (refused) {
                    differences.add("%s: refused by the real program: %s".formatted(name, why(result)));
                } else {
                    differences.addAll(JsonDifferences.of(
                            name, real(JsonReader.readObject(name, result.out().getBytes(UTF_8))), ours(unit)));
                }
            } catch (BuildException e) {
                if (!refused) {
                    differences.add("%s: refused by ours: %s".formatted(name, e.problems()));
                }
            }
        }
        return differences;
    }

    /** The real program finds no dependencies in a unit that cannot be evaluated. */
    private static boolean isRefused(JudgedTree tree, String unit) {
        try {
            workspace(tree).evaluate(tree.at("live/" + unit));
            return false;
        } catch (BuildException e) {
            return true;
        }
    }

    private static Workspace workspace(JudgedTree tree) {
        return Workspace.open(
                tree.at("live"),
                EvaluationSettings.validating(
                        Map.of("HOME", tree.terragrunt().home().toString())));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void graphAndValuesAreEqual(Judge judge) throws Exception {
        System.out.println(seeded("%s, %d generated units".formatted(judge, UNITS)));
        JudgedTree tree = JudgedTree.in(folder, judge);
        GeneratedTree generated = GeneratedTree.write(tree, SEED, UNITS);
        SortedMap<String, SortedSet<String>> graph = graph(workspace(tree));
        assertEquals(UNITS, graph.size(), () -> seeded("units"));
        SortedMap<String, SortedSet<String>> found = tree.found("live");
        found.entrySet().removeIf(unit -> unit.getValue().isEmpty() && isRefused(tree, unit.getKey()));
        graph.keySet().retainAll(found.keySet());
        assertTrue(graph.size() > UNITS * 9 / 10, () -> seeded("units that can be read: " + graph.size()));
        List<String> differences = new ArrayList<>(JsonDifferences.of("graph", json(found), json(graph)));
        differences.addAll(differences(tree, sample(generated)));
        assertTrue(differences.isEmpty(), () -> seeded(String.join("\n", differences)));
    }

    /** One value that is changed behind the real program's back is seen, and no other. */
    @ParameterizedTest
    @MethodSource("versions")
    void aPlantedFaultIsFound(Judge judge) throws Exception {
        JudgedTree tree = JudgedTree.in(folder, judge);
        String unit = GeneratedTree.write(tree, SEED, 1).units().getFirst();
        String file = "live/" + unit + "/terragrunt.hcl";
        Json real = real(tree.terragrunt().rendered(tree.at("live/" + unit)));
        assertEquals(
                List.of(),
                JsonDifferences.of(unit, real, ours(workspace(tree).evaluate(tree.at("live/" + unit)))),
                () -> seeded("before"));
        tree.file(file, Files.readString(tree.at(file)).replace("me = local.name", "me = upper(local.name)"));
        assertEquals(
                List.of("%1$s.inputs.me: real \"%1$s\", ours \"%2$s\"".formatted(unit, unit.toUpperCase(Locale.ROOT))),
                JsonDifferences.of(unit, real, ours(workspace(tree).evaluate(tree.at("live/" + unit)))),
                () -> seeded("after"));
    }
}
