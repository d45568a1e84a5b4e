package dev.talosforge.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.testkit.Judge;
import dev.talosforge.testkit.Judge.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A repository with a tree of units that a test writes, for a real program and for ours. */
public record JudgedTree(Path root, Terragrunt terragrunt) {
    /**
     * An empty repository.
     *
     * @param folder where it is made; the program's home is made beside it
     */
    public static JudgedTree in(Path folder, Judge judge, SortedMap<String, String> more) throws IOException {
        Path root = Files.createDirectories(folder.toRealPath().resolve("tree-" + judge.version()));
        Path home = Files.createDirectories(folder.toRealPath().resolve("home"));
        JudgedTree tree = new JudgedTree(root, new Terragrunt(judge, home, more));
        Files.createDirectories(root.resolve(".git/objects"));
        Files.createDirectories(root.resolve(".git/refs"));
        return tree.file(".git/HEAD", "ref: refs/heads/main\n");
    }

    public static JudgedTree in(Path folder, Judge judge) throws IOException {
        return in(folder, judge, new TreeMap<>());
    }

    public JudgedTree file(String name, String text) throws IOException {
        Path file = root.resolve(name).normalize();
        if (!file.startsWith(root)) {
            throw new IllegalArgumentException("outside the tree: " + name);
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** Copies every file of a folder to the same place below the root. */
    public JudgedTree copyOf(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                file(from.relativize(file).toString(), Files.readString(file));
            }
        }
        return this;
    }

    public Path at(String folder) {
        return root.resolve(folder);
    }

    /** Runs the real program, which has to end well. */
    public Result real(String folder, String... arguments) throws Exception {
        Result result = terragrunt.run(at(folder), arguments);
        assertEquals(0, result.code(), result::toString);
        return result;
    }

    /** The outputs of a unit, as its state has them. */
    public JsonObject outputs(String unit) throws Exception {
        JsonObject all = JsonReader.readObject(
                "outputs", real(unit, "output", "-json").out().getBytes(StandardCharsets.UTF_8));
        Json.Builder values = Json.object();
        all.members().keySet().forEach(name -> {
            JsonObject output = all.object(name);
            Json value = output == null ? null : output.get("value");
            values.put(name, value == null ? Json.ofNull() : value);
        });
        return values.build();
    }

    /**
     * The units below a folder in the order of their dependencies, each with what it depends on; names are from the
     * folder.
     */
    public SortedMap<String, SortedSet<String>> found(String folder) throws Exception {
        Result result = real(folder, "find", "--dag", "--json", "--dependencies");
        SortedMap<String, SortedSet<String>> units = new TreeMap<>();
        Json found = JsonReader.read("find", result.out().getBytes(StandardCharsets.UTF_8));
        for (Json one : ((JsonArray) found).items()) {
            JsonObject unit = (JsonObject) one;
            units.put(String.valueOf(unit.text("path")), new TreeSet<>(Json.texts(unit.items("dependencies"))));
        }
        return units;
    }
}
