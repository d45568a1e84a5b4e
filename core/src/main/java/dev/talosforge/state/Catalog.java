package dev.talosforge.state;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Outputs of units as plain JSON, for trees that exchange outputs through files. Any number of units may share a
 * catalog and record at the same time: each changes only its own entry.
 *
 * <pre>
 *   {"version": 1, "units": {"artifacts/images": {"module": "talos_images", "outputs": {"iso_name": "a.iso"}}}}
 * </pre>
 */
public final class Catalog {
    private static final int FORMAT = 1;
    private static final int MAX_BYTES = 16 << 20;

    private final Path path;

    private Catalog(Path path) {
        this.path = path;
    }

    public static Catalog at(Path path) {
        return new Catalog(path);
    }

    /** A unit's entry. */
    public record Entry(@Nullable String module, SequencedMap<String, Json> outputs) {}

    /** All entries by unit, sorted; empty if there is no catalog yet. */
    public SequencedMap<String, Entry> entries() throws IOException {
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, Json> unit : units(read()).entrySet()) {
            if (!(unit.getValue() instanceof JsonObject object) || object.object("outputs") == null) {
                throw broken("the unit \"%s\" has no outputs".formatted(unit.getKey()));
            }
            SequencedMap<String, Json> outputs = new LinkedHashMap<>();
            JsonObject recorded = object.object("outputs");
            if (recorded != null) {
                outputs.putAll(new TreeMap<>(recorded.members()));
            }
            entries.put(unit.getKey(), new Entry(object.text("module"), outputs));
        }
        return entries;
    }

    /**
     * Records a unit's outputs, replacing its earlier ones; other units' outputs stay.
     *
     * @param unit the unit's name: its path from the tree's root
     * @return whether the file changed
     */
    public boolean record(String unit, Map<String, Json> outputs) throws IOException {
        return record(unit, null, outputs);
    }

    /**
     * As {@link #record(String, Map)}.
     *
     * @param module the module that the unit runs; left out if null
     */
    public boolean record(String unit, @Nullable String module, Map<String, Json> outputs) throws IOException {
        // Locks a file beside the catalog; the file stays.
        try (Turn turn = Turn.lasting(path, "cannot record outputs in the catalog " + path)) {
            if (!turn.held()) {
                throw new IOException("the lock of %s was lost".formatted(path));
            }
            JsonObject before = read();
            SortedMap<String, Json> units = units(before);
            units.put(unit, entry(module, outputs));
            Json.Builder sorted = Json.object();
            units.forEach(sorted::put);
            JsonObject next = (before == null
                            ? Json.object().put("version", FORMAT).build()
                            : before)
                    .with("units", sorted.build());
            if (next.equals(before)) {
                return false;
            }
            WholeFile.write(path, next.pretty().getBytes(StandardCharsets.UTF_8));
            return true;
        }
    }

    private static JsonObject entry(@Nullable String module, Map<String, Json> outputs) {
        Json.Builder sorted = Json.object();
        new TreeMap<>(outputs).forEach(sorted::put);
        return Json.object()
                .putIfPresent("module", module)
                .put("outputs", sorted.build())
                .build();
    }

    private @Nullable JsonObject read() throws IOException {
        byte[] bytes;
        try {
            bytes = ByteSource.of(path).readAll("catalog " + path, MAX_BYTES);
        } catch (NoSuchFileException e) {
            return null;
        }
        JsonObject catalog = JsonReader.readObject("catalog " + path, bytes);
        Long version = catalog.whole("version");
        if (version == null || version != FORMAT) {
            throw broken(
                    version == null
                            ? "has no format version, so it may not be a catalog: set catalog_path to a file of its own"
                            : "has format version %d, expected 1: a newer Talos Forge wrote it".formatted(version));
        }
        return catalog;
    }

    private static SortedMap<String, Json> units(@Nullable JsonObject catalog) {
        JsonObject units = catalog == null ? null : catalog.object("units");
        return units == null ? new TreeMap<>() : new TreeMap<>(units.members());
    }

    private FormatException broken(String what) {
        return new FormatException("catalog " + path, 0, what);
    }
}
