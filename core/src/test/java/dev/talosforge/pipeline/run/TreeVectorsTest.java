package dev.talosforge.pipeline.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.terragrunt.ProcessPrograms;
import dev.talosforge.config.terragrunt.run.EvaluationCache;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Wording;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every unit of 110 small trees is what {@code terragrunt render} made of it: its inputs, and the blocks that are
 * recorded beside them. What comes out otherwise stands in {@code deviations.tsv} with its reason; a line that is no
 * longer true fails, too. Where Terragrunt refuses what is taken here, the unit has a note that says so.
 */
class TreeVectorsTest {
    private static final Path VECTORS = Path.of("core/src/test/resources/terragrunt");
    private static final List<String> VERSIONS = List.of("v1.1.3", "v0.96.1");

    /** Blocks, as a file that reads the unit sees them. */
    private static final List<String> PARTS =
            List.of("dependencies", "errors", "exclude", "generate", "remote_state", "terraform");

    private static final String REFUSED = "refused";

    @TempDir
    Path folder;

    private static List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(VECTORS.resolve("cases"))) {
            return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
        }
    }

    /** By case, unit and version, each with its reason. */
    private static SortedMap<String, String> deviations() throws IOException {
        SortedMap<String, String> reasons = new TreeMap<>();
        for (String line : Files.readAllLines(VECTORS.resolve("deviations.tsv"))) {
            if (!line.startsWith("#")) {
                String[] columns = line.split("\t", -1);
                assertEquals(4, columns.length, line);
                for (String version : columns[2].split(",", -1)) {
                    reasons.put("%s %s %s".formatted(columns[0], columns[1], version), columns[3]);
                }
            }
        }
        return reasons;
    }

    @Test
    void allOfThemAreHere() throws IOException {
        assertEquals(110, names().size());
        for (String line : deviations().keySet()) {
            String[] columns = line.split(" ", -1);
            assertFalse(
                    answer(message(columns[0]), columns[1], columns[2])
                            .members()
                            .isEmpty(),
                    line);
        }
    }

    @TestFactory
    Stream<DynamicTest> aUnitIsWhatTerragruntMakesOfIt() throws IOException {
        SortedMap<String, String> deviations = deviations();
        return names().stream()
                .filter(name -> !runsPrograms(name))
                .map(name -> DynamicTest.dynamicTest(name, () -> compare(name, deviations)));
    }

    @Tag("reference")
    @TestFactory
    Stream<DynamicTest> aUnitThatRunsProgramsIsWhatTerragruntMakesOfIt() throws IOException {
        SortedMap<String, String> deviations = deviations();
        return names().stream()
                .filter(TreeVectorsTest::runsPrograms)
                .map(name -> DynamicTest.dynamicTest(name, () -> compare(name, deviations)));
    }

    private static boolean runsPrograms(String name) {
        return name.startsWith("run-cmd");
    }

    private static JsonObject object(JsonObject in, String name) {
        return Objects.requireNonNull(in.object(name), name);
    }

    private static JsonObject answer(JsonObject message, String unit, String version) {
        return object(object(object(message, "units"), unit), version);
    }

    private static JsonObject message(String name) throws IOException {
        Path file = VECTORS.resolve("cases/" + name + "/said.json");
        return JsonReader.readObject(name, Files.readAllBytes(file));
    }

    /** Another value, a refusal too many and a deviation that is none: each is found. */
    @Test
    void aPlantedDifferenceIsFound() throws Exception {
        for (String planted : List.of("\"n\": 1|\"n\": 2", "\"inputs\"|\"error\"")) {
            String[] change = planted.split("[|]", -1);
            String text = Files.readString(VECTORS.resolve("cases/deep-maps-lists/said.json"));
            assertTrue(text.contains(change[0]), planted);
            JsonObject other = JsonReader.readObject(
                    "planted", text.replace(change[0], change[1]).getBytes(UTF_8));
            assertThrows(AssertionError.class, () -> compare("deep-maps-lists", other, new TreeMap<>()), planted);
        }
        SortedMap<String, String> none = new TreeMap<>(Map.of("deep-null live/app v1.1.3", "no reason"));
        assertThrows(AssertionError.class, () -> compare("deep-null", none));
    }

    private void compare(String name, SortedMap<String, String> deviations) throws Exception {
        compare(name, message(name), deviations);
    }

    private void compare(String name, JsonObject message, SortedMap<String, String> deviations) throws Exception {
        Tree tree = new Tree(copy(name), environment(message));
        for (String unit : object(message, "units").members().keySet()) {
            for (String version : VERSIONS) {
                JsonObject real = answer(message, unit, version);
                String theirs = shown(real);
                String ours = shown(tree.unit(unit, real));
                String place = "%s %s %s".formatted(name, unit, version);
                if (deviations.containsKey(place)) {
                    assertNotEquals(theirs, ours, place + " is no deviation any more: take its line out");
                } else {
                    assertEquals(theirs, ours, place);
                }
                if (version.equals("v1.1.3") && theirs.equals(REFUSED) && !ours.equals(REFUSED)) {
                    assertEquals("noted", tree.notes(unit), place);
                }
            }
        }
    }

    private static SortedMap<String, String> environment(JsonObject message) {
        SortedMap<String, String> environment =
                new TreeMap<>(Map.of("HOME", "/home/ada", "PATH", String.valueOf(System.getenv("PATH"))));
        JsonObject set = message.object("environment");
        if (set != null) {
            set.members().keySet().forEach(name -> environment.put(name, String.valueOf(set.text(name))));
        }
        return environment;
    }

    private Path copy(String name) throws IOException {
        Path to = Files.createTempDirectory(folder.toRealPath(), name);
        Path from = VECTORS.resolve("cases/" + name + "/tree");
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.copy(one, target);
            }
        }
        Files.createDirectory(to.resolve(".git"));
        return to;
    }

    /** A tree as we read it. */
    private record Tree(Path root, SortedMap<String, String> environment) {
        private Workspace open() {
            SortedMap<String, String> features = new TreeMap<>();
            for (String feature : environment.getOrDefault("TG_FEATURE", "").split(",", -1)) {
                int equals = feature.indexOf('=');
                if (equals > 0) {
                    features.put(feature.substring(0, equals), feature.substring(equals + 1));
                }
            }
            RunSettings settings = new RunSettings(
                    environment,
                    new TreeMap<>(),
                    new TreeSet<>(),
                    features,
                    null,
                    false,
                    "",
                    "",
                    new ProcessPrograms(Duration.ofMinutes(5), environment),
                    true,
                    LockLocation.usual(),
                    true,
                    true,
                    Wording.plain(),
                    () -> Instant.EPOCH);
            return new TreeSession.Opening(settings, "render", new EvaluationCache())
                    .at(root, MockPolicy.MOCKS_ALLOWED, new StateReader(null, environment));
        }

        JsonObject unit(String name, JsonObject real) throws IOException {
            try {
                Json.Builder shown = Json.object();
                Unit unit = open().evaluate(root.resolve(name));
                shown.put("inputs", ValueJson.toJson(unit.inputs()));
                for (String part : PARTS) {
                    if (real.members().containsKey(part)) {
                        shown.put(part, part(name, part));
                    }
                }
                return shown.build();
            } catch (BuildException e) {
                return Json.object()
                        .put("error", String.valueOf(e.getMessage()))
                        .build();
            }
        }

        private Json part(String unit, String name) throws IOException {
            Path reader = Files.createDirectories(root.resolve("reader-of-" + name));
            Files.writeString(
                    reader.resolve("terragrunt.hcl"),
                    "inputs = { part = read_terragrunt_config(\"%s/terragrunt.hcl\").%s }"
                            .formatted(root.resolve(unit), name));
            return ValueJson.toJson(
                    Objects.requireNonNull(open().evaluate(reader).inputs().get("part"), name));
        }

        /** Whether a unit says that Terragrunt would not take it. */
        String notes(String unit) {
            List<String> notes = open().evaluate(root.resolve(unit)).notes();
            return notes.stream().anyMatch(note -> note.contains("Terragrunt 1.1 refuses"))
                    ? "noted"
                    : notes.toString();
        }
    }

    /** In one form: members by name, numbers by value, and with a name in place of the tree's folder. */
    private String shown(JsonObject answer) throws IOException {
        if (answer.members().containsKey("error")) {
            return REFUSED;
        }
        Json.Builder shown = Json.object();
        answer.members().forEach((name, value) -> {
            boolean none = value instanceof Json.JsonNull && name.equals("inputs");
            shown.put(name, none ? Json.object().build() : plain(value));
        });
        return shown.build()
                .pretty()
                .replaceAll("\"" + folder.toRealPath() + "/[^/\"]*", "\"\\$TREE")
                .replace("/home/ada", "$HOME");
    }

    private static Json plain(Json value) {
        return switch (value) {
            case JsonObject object -> {
                Json.Builder sorted = Json.object();
                new TreeMap<>(object.members()).forEach((name, member) -> sorted.put(name, plain(member)));
                yield sorted.build();
            }
            case Json.JsonArray(List<Json> items) -> {
                List<Json> all = new ArrayList<>();
                items.forEach(item -> all.add(plain(item)));
                yield new Json.JsonArray(all);
            }
            case JsonNumber(BigDecimal number) ->
                new JsonNumber(new BigDecimal(number.doubleValue()).stripTrailingZeros());
            case Json.JsonText _, Json.JsonBool _, Json.JsonNull _ -> value;
        };
    }
}
