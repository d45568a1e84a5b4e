package dev.talosforge.config.terragrunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.terragrunt.functions.StackValues;
import dev.talosforge.config.terragrunt.run.EvaluationCache;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stacks make what Terragrunt 1.1.3 made of them: the same units, with the same files, values, inputs and dependencies,
 * or none at all. Once from the stacks themselves, with nothing written, and once from what Terragrunt wrote, with
 * nothing left that it was made of. The trees are those of {@code core/src/test/resources/terragrunt/stacks}.
 */
class StackVectorsTest {
    private static final Path VECTORS = Path.of("core/src/test/resources/terragrunt/stacks");
    private static final String VERSION = "v1.1.3";
    private static final String NOT_ASKED = "not asked";

    @TempDir
    Path folder;

    /** A tree and what was said of it. */
    private record Case(String name, Path root, JsonObject said) {
        Path live() {
            return said.text("from") == null ? root.resolve("live") : root;
        }

        boolean refused() {
            return !Objects.equals(said.whole("rc"), 0L);
        }

        Workspace open() {
            return Workspace.open(live(), settings());
        }

        static EvaluationSettings settings() {
            return new EvaluationSettings(
                    "render",
                    new TreeMap<>(),
                    OutputsSource.none(),
                    MockPolicy.MOCKS_ALLOWED,
                    (command, directory) -> String.join(" ", command.subList(1, command.size())) + "\n");
        }

        String shown(Json json) {
            return json.pretty().replace(root.toString(), "$TREE");
        }
    }

    private static List<String> names() throws IOException {
        List<String> names = new ArrayList<>(more().members().keySet());
        try (Stream<Path> all = Files.list(VECTORS)) {
            all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .forEach(names::add);
        }
        return names.stream().sorted().toList();
    }

    /** Smaller ones, all in one file. */
    private static JsonObject more() throws IOException {
        return there(file().object("cases"));
    }

    private static JsonObject file() throws IOException {
        return JsonReader.readObject("more.json", Files.readAllBytes(VECTORS.resolve("more.json")));
    }

    private static <T> T there(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    /** What comes out otherwise here, by case and unit, with the reason. */
    private static SequencedMap<String, String> otherwise() throws IOException {
        SequencedMap<String, String> otherwise = new TreeMap<>();
        for (String line : Files.readAllLines(VECTORS.resolve("otherwise.tsv"))) {
            String[] fields = line.split("\t", -1);
            otherwise.put(fields[0] + " " + fields[1], fields[2]);
        }
        return otherwise;
    }

    private Case read(String name) throws IOException {
        Path root = Files.createDirectories(folder.toRealPath().resolve(name));
        Files.createDirectory(root.resolve(".git"));
        JsonObject small = more().object(name);
        if (small != null) {
            write(there(file().object("base")), root, root);
            write(there(small.object("tree")), root, root);
            return new Case(name, root, there(small.object("said")));
        }
        Path from = VECTORS.resolve(name).resolve("tree");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = root.resolve(from.relativize(file));
                Files.createDirectories(FileContext.parent(to));
                Files.copy(file, to);
            }
        }
        byte[] said = Files.readAllBytes(VECTORS.resolve(name).resolve("said.json"));
        return new Case(name, root, there(JsonReader.readObject(name, said).object(VERSION)));
    }

    @Test
    void everyCaseIsLookedAt() throws IOException {
        assertEquals(18 + 83, names().size());
    }

    @TestFactory
    Stream<DynamicTest> unitsAreMadeInMemory() throws IOException {
        return names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Case one = read(name);
                    List<Path> before = files(one);
                    assertEquals(messageOf(one), seenOf(one));
                    sameFiles(one);
                    assertEquals(before, files(one), "nothing is written");
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatTerragruntMadeIsRead() throws IOException {
        return names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Case one = read(name);
                    if (!one.refused()) {
                        write(there(one.said().object("generated")), one.root(), one.root());
                        if (one.said().text("from") == null) {
                            Files.move(one.root().resolve("catalog"), one.root().resolve("gone"));
                        }
                    }
                    assertEquals(messageOf(one), seenOf(one));
                }));
    }

    @Test
    void whatComesOutOtherwiseStillDoes() throws IOException {
        for (String key : otherwise().keySet()) {
            String name = key.substring(0, key.indexOf(' '));
            Case one = read(name);
            assertNotEquals(said(one, Map.of()), seen(one, Map.of()), key);
        }
    }

    private static String messageOf(Case one) throws IOException {
        return said(one, otherwise());
    }

    private static String seenOf(Case one) throws IOException {
        return seen(one, otherwise());
    }

    /** Units with what they need and their inputs; nothing of a tree whose stacks are refused. */
    private static String said(Case one, Map<String, String> otherwise) {
        if (otherwise.containsKey(one.name() + " *")) {
            return "otherwise";
        }
        if (one.refused()) {
            return "refused";
        }
        StringBuilder out = new StringBuilder();
        TreeMap<String, String> units = new TreeMap<>();
        JsonObject rendered = there(one.said().object("units"));
        for (Json found : one.said().items("find")) {
            JsonObject unit = (JsonObject) found;
            if ("unit".equals(unit.text("type"))) {
                String name = String.valueOf(unit.text("path"));
                JsonObject inputs = rendered.object(
                        one.root().relativize(one.live().resolve(name)).toString());
                units.put(
                        name,
                        Json.texts(unit.items("dependencies")) + "\n"
                                + (inputs == null
                                        ? NOT_ASKED
                                        : inputs.text("error") != null
                                                ? "refused"
                                                : one.shown(there(inputs.get("inputs")))));
            }
        }
        units.forEach((name, what) -> out.append(name).append(" needs ").append(without(one, otherwise, name, what)));
        return out.toString();
    }

    private static String seen(Case one, Map<String, String> otherwise) {
        if (otherwise.containsKey(one.name() + " *")) {
            return "otherwise";
        }
        StringBuilder out = new StringBuilder();
        Workspace workspace = one.open();
        for (DiscoveredUnit found : workspace.discover()) {
            switch (found) {
                case DiscoveredUnit.Broken broken -> {
                    return "refused";
                }
                case DiscoveredUnit.Outline unit -> {
                    List<String> needs = unit.dependencies().stream()
                            .map(path -> one.live().relativize(path).toString())
                            .toList();
                    out.append(unit.name())
                            .append(" needs ")
                            .append(without(one, otherwise, unit.name(), needs + "\n" + inputs(one, workspace, unit)));
                }
            }
        }
        return out.toString();
    }

    private static String without(Case one, Map<String, String> otherwise, String unit, String what) {
        return (otherwise.containsKey(one.name() + " " + unit) ? "otherwise" : what).stripTrailing() + "\n";
    }

    private static String inputs(Case one, Workspace workspace, DiscoveredUnit unit) {
        String path = one.root().relativize(unit.directory()).toString();
        JsonObject units = one.said().object("units");
        if (units == null || units.get(path) == null) {
            return NOT_ASKED;
        }
        try {
            return one.shown(
                    ValueJson.toJson(workspace.evaluate(unit.directory()).inputs()));
        } catch (BuildException e) {
            return "refused";
        }
    }

    /** The copied files, and the values as they are read from the file that Terragrunt wrote. */
    private void sameFiles(Case one) throws IOException {
        if (one.refused() || otherwise().containsKey(one.name() + " *")) {
            return;
        }
        Path written = Files.createDirectories(one.root().resolve("written"));
        JsonObject generated = there(one.said().object("generated"));
        write(generated, written, one.root());
        EvaluationRun seen = EvaluatedFiles.run(one.live(), Case.settings(), new EvaluationCache());
        EvaluationRun read = EvaluatedFiles.run(written, Case.settings(), new EvaluationCache());
        for (String name : generated.members().keySet()) {
            Path file = one.root().resolve(name);
            if (name.endsWith(StackValues.FILE_NAME)) {
                assertEquals(values(read, written.resolve(name)), values(seen, file), name);
            } else if (!name.endsWith(".autoinclude.hcl")
                    && !name.endsWith(".autoinclude.stack.hcl")
                    && !Files.readString(written.resolve(name)).contains("\"cas::")) {
                assertEquals(
                        Files.readString(written.resolve(name)), seen.seen().text(file), name);
            }
        }
    }

    private static Object values(EvaluationRun run, Path file) {
        return there(StackValues.of(
                run,
                FileContext.parent(file),
                new dev.talosforge.config.hcl.syntax.Range(
                        dev.talosforge.config.hcl.syntax.SourceText.of(file, ""), 0, 0)));
    }

    private static void write(JsonObject files, Path to, Path tree) throws IOException {
        for (Map.Entry<String, Json> file : files.members().entrySet()) {
            Path path = to.resolve(file.getKey());
            Files.createDirectories(FileContext.parent(path));
            String text = file.getValue() instanceof JsonText(String value) ? value : "";
            Files.writeString(path, text.replace("$TREE", tree.toString()));
        }
    }

    private static List<Path> files(Case one) throws IOException {
        try (Stream<Path> files = Files.walk(one.root().resolve("live"))) {
            return files.sorted().toList();
        }
    }
}
