package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a stage's result is made of, under keys that programs compare: two are equal exactly if applying gives the same. They
 * contain no wording, no order of their own and no folder of the machine that only a source comes from. {@link PartKey} has
 * the keys.
 *
 * @param values by key; none is empty
 */
public record KeyedParts(SortedMap<String, String> values) {
    /** Raised when a key is renamed, or a value gets another form: everything counts as changed once. */
    public static final int FORMAT = 1;

    public KeyedParts {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * The parts of a record.
     *
     * @param folder of the unit: paths below it are relative to it
     */
    public static KeyedParts of(ApplyRecord record, Path folder) {
        SortedMap<String, String> values = new TreeMap<>();
        PartKey keys = new PartKey(record.stage(), folder);
        for (Part part : record.parts()) {
            String value = keys.value(part);
            if (!value.isEmpty()) {
                values.merge(keys.key(part), value, (first, next) -> first + ", " + next);
            }
        }
        return new KeyedParts(values);
    }

    /** One digest of all of them, and of the format. */
    public Sha256 digest() {
        Json all = Json.object()
                .put("format", FORMAT)
                .put("parts", Json.ofMap(values))
                .build();
        return Sha256.of(all.compact().getBytes(StandardCharsets.UTF_8));
    }
}
