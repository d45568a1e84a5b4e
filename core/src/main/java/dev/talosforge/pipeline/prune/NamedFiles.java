package dev.talosforge.pipeline.prune;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.pipeline.run.CachedStates;
import dev.talosforge.pipeline.run.StateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which files the states of a tree name: those of every unit in every workspace, also of units that other tools run,
 * and the catalogs. A name anywhere in such a file counts.
 */
final class NamedFiles {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_STATES = 10_000;
    private static final int DEPTH = 8;

    private final SortedMap<Path, String> texts = new TreeMap<>();

    /** Reads the states of a unit. */
    void add(Path unit, @Nullable RemoteState remote, @Nullable Path catalog) throws IOException {
        SortedSet<Path> files = new TreeSet<>();
        Path own = new StateReader(null).declared(unit, remote);
        files.add(own);
        files.addAll(below(unit));
        if (own.startsWith(unit)) {
            files.addAll(CachedStates.of(unit, unit.relativize(own)));
        }
        Path workspaces = new StateReader("any").declared(unit, remote).getParent();
        if (workspaces != null && workspaces.getParent() != null) {
            files.addAll(below(workspaces.getParent()));
        }
        if (catalog != null) {
            files.add(catalog);
        }
        for (Path file : files) {
            if (Files.isRegularFile(file) && !texts.containsKey(file) && texts.size() < MAX_STATES) {
                byte[] bytes = ByteSource.of(file).readAll("state " + file, MAX_BYTES);
                texts.put(file, new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(folder, DEPTH, (file, attributes) -> file.endsWith("terraform.tfstate"))) {
            return found.limit(MAX_STATES).toList();
        }
    }

    /** The file that names it; null if none does. */
    @Nullable
    Path naming(String fileName) {
        for (var state : texts.entrySet()) {
            if (state.getValue().contains(fileName)) {
                return state.getKey();
            }
        }
        return null;
    }
}
