package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code run --all} takes the same units as the real program does, each after what it depends on. */
@Tag("conformance")
class TerragruntQueueTest {
    private static final Path TREE = Path.of("cli/src/test/resources/queue/tree");
    private static final Path CASES = Path.of("cli/src/test/resources/queue/cases.tsv");

    @TempDir
    private Path folder = Path.of("");

    /**
     * One run.
     *
     * @param otherwise by version: which units that one takes, where they are others
     */
    record Case(String command, String folder, String options, SortedMap<String, SortedSet<String>> otherwise) {
        static Case read(String line) {
            String[] columns = line.split("\t", -1);
            SortedMap<String, SortedSet<String>> otherwise = new TreeMap<>();
            for (int i = 3; i + 2 < columns.length; i += 3) {
                otherwise.put(columns[i], words(columns[i + 1]));
            }
            return new Case(columns[0], columns[1], columns[2], otherwise);
        }

        private static SortedSet<String> words(String text) {
            SortedSet<String> words = new TreeSet<>(List.of(text.split(" ")));
            words.remove("");
            return words;
        }

        @Override
        public String toString() {
            return "%s in %s %s".formatted(command, folder, options);
        }
    }

    static Stream<Arguments> cases() throws Exception {
        List<Case> cases = Files.readAllLines(CASES).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Case::read)
                .toList();
        return Terragrunt.versions().flatMap(judge -> cases.stream().map(one -> Arguments.of(judge, one)));
    }

    private static String[] command(Case one, String... more) {
        List<String> words = new ArrayList<>(List.of("run", "--all", "--parallelism", "1"));
        words.addAll(List.of(one.options().split(" ")));
        words.removeIf(String::isEmpty);
        words.addAll(List.of(more));
        words.add(one.command());
        return words.toArray(String[]::new);
    }

    /** The units that the real program ran, in its order. */
    private List<String> real(JudgedTree tree, Case one, Path log) throws Exception {
        Files.writeString(log, "");
        tree.terragrunt().run(tree.at(one.folder()), command(one));
        return Files.readAllLines(log);
    }

    /** The units that ours came to and that are not left out, in its order. */
    private static List<String> ours(JudgedTree tree, Case one, Path report) throws Exception {
        Files.deleteIfExists(report);
        CommandLineRun run =
                CommandLineRun.in(tree.at(one.folder()), new TreeMap<>(), command(one, "--report", report.toString()));
        if (run.err().contains("leave no unit")) {
            return List.of();
        }
        assertEquals(0, run.code(), run::toString);
        JsonObject reported = JsonReader.readObject("report", Files.readAllBytes(report));
        String prefix = one.folder().contains("/") ? one.folder().replaceFirst("^[^/]*/", "") + "/" : "";
        List<String> units = new ArrayList<>();
        for (Json each : reported.items("units")) {
            JsonObject unit = (JsonObject) each;
            if (!"excluded".equals(unit.text("result"))) {
                units.add(prefix + unit.text("unit"));
            }
        }
        return units;
    }

    /** The dependencies of each unit, as ours has them. */
    static SortedMap<String, SortedSet<String>> needs(Path folder) throws Exception {
        CommandLineRun run = CommandLineRun.in(folder, new TreeMap<>(), "graph", "--json");
        assertEquals(0, run.code(), run::toString);
        SortedMap<String, SortedSet<String>> needs = new TreeMap<>();
        for (Json each : ((JsonArray) JsonReader.read("graph", run.out().getBytes(UTF_8))).items()) {
            JsonObject unit = (JsonObject) each;
            SortedSet<String> of = new TreeSet<>();
            unit.items("dependencies").forEach(need -> of.add(String.valueOf(((JsonObject) need).text("unit"))));
            needs.put(String.valueOf(unit.text("unit")), of);
        }
        return needs;
    }

    private static void assertOrdered(List<String> units, SortedMap<String, SortedSet<String>> needs) {
        for (String unit : units) {
            for (String before : needs.getOrDefault(unit, new TreeSet<>())) {
                assertTrue(
                        !units.contains(before) || units.indexOf(before) < units.indexOf(unit),
                        () -> "%s comes before %s: %s".formatted(unit, before, units));
            }
        }
    }

    static Stream<Judge> versions() {
        return Terragrunt.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theGraphsAreEqual(Judge judge) throws Exception {
        JudgedTree tree = JudgedTree.in(folder, judge).copyOf(TREE);
        assertEquals(11, tree.found("live").size());
        for (String top : List.of("live", "other")) {
            assertEquals(tree.found(top), needs(tree.at(top)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameUnitsRun(Judge judge, Case one) throws Exception {
        Path log = folder.resolve("log");
        SortedMap<String, String> more = new TreeMap<>(Map.of("LOG", log.toString()));
        JudgedTree tree = JudgedTree.in(folder, judge, more).copyOf(TREE);
        String top = one.folder().replaceFirst("/.*", "");
        SortedMap<String, SortedSet<String>> needs = needs(tree.at(top));
        List<String> real = real(tree, one, log);
        List<String> ours = ours(tree, one, folder.resolve("report.json"));
        assertOrdered(real, needs);
        assertOrdered(ours, needs);
        SortedSet<String> otherwise = one.otherwise().get(judge.version());
        assertEquals(otherwise == null ? new TreeSet<>(ours) : otherwise, new TreeSet<>(real));
        assertEquals(otherwise != null, !new TreeSet<>(ours).equals(new TreeSet<>(real)), () -> "ours: " + ours);
    }
}
