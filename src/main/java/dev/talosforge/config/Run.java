package dev.talosforge.config;

import dev.talosforge.config.hcl.Budget;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.config.hcl.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the evaluations of all units share: parsed files and results that are the same for everybody. */
final class Run {
    private static final int MAX_FILES_IN_EACH_OTHER = 50;

    private final Path root;
    private final Settings settings;
    private final ParsedFiles files = new ParsedFiles();
    private final Map<Path, Value> read = new TreeMap<>();
    private final Map<String, String> outputs = new TreeMap<>();
    private final List<Path> reading = new ArrayList<>();
    private Budget budget = new Budget();
    private int readsOnBehalf;

    Run(Path root, Settings settings) {
        this.root = root;
        this.settings = settings;
    }

    Path root() {
        return root;
    }

    Settings settings() {
        return settings;
    }

    ParsedFiles files() {
        return files;
    }

    Budget budget() {
        return budget;
    }

    void nextUnit() {
        budget = new Budget();
    }

    /** What a program wrote, null when programs do not run; the same command in the same folder runs once. */
    @Nullable
    String output(List<String> command, Path directory) {
        List<String> key = new ArrayList<>(command);
        key.addFirst(directory.toString());
        String joined = String.join("\0", key);
        String known = outputs.get(joined);
        if (known == null) {
            known = settings.programs().run(command, directory);
            if (known != null) {
                outputs.put(joined, known);
            }
        }
        return known;
    }

    /** To be called by what depends on the unit that everything began with: such a result is not kept. */
    void dependsOnTheOriginal() {
        readsOnBehalf++;
    }

    /** The value of a file, made once unless it depends on who asks. A file that reads itself is a problem. */
    Value read(Path file, Range at, Supplier<Value> evaluate) {
        Value known = read.get(file);
        if (known != null) {
            return known;
        }
        int before = readsOnBehalf;
        Value value = within(file, at, evaluate);
        if (readsOnBehalf == before) {
            read.put(file, value);
        }
        return value;
    }

    /** Guards against files that read or include each other. */
    <T> T within(Path file, Range at, Supplier<T> evaluate) {
        if (reading.contains(file)) {
            List<Path> cycle = new ArrayList<>(reading.subList(reading.indexOf(file), reading.size()));
            cycle.add(file);
            throw at.problem(
                    "cannot read " + file,
                    "the file needs itself: "
                            + String.join(
                                    " -> ", cycle.stream().map(this::shown).toList()),
                    null);
        }
        if (reading.size() == MAX_FILES_IN_EACH_OTHER) {
            throw at.problem(
                    "cannot read " + file,
                    "more than %d files read each other".formatted(MAX_FILES_IN_EACH_OTHER),
                    null);
        }
        reading.add(file);
        try {
            return evaluate.get();
        } finally {
            reading.removeLast();
        }
    }

    /** A path in words: relative to where the run began when it lies below. */
    String shown(Path path) {
        if (path.equals(root)) {
            return ".";
        }
        return slashed(path.startsWith(root) ? root.relativize(path) : path);
    }

    static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    /** The nearest folder from {@code start} upwards that holds {@code .git}; null when there is none. */
    static @Nullable Path repositoryRoot(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"))) {
                return folder;
            }
        }
        return null;
    }
}
