package dev.talosforge.pipeline.request;

import dev.talosforge.json.Json;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A flat object of texts, in the order of its names: what Terraform's {@code external} data source reads. */
public record StageAnswer(SortedMap<String, String> members) {
    public StageAnswer {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    /** With the number of its format. */
    static StageAnswer of(Map<String, String> members) {
        SortedMap<String, String> all = new TreeMap<>(members);
        all.put("format", String.valueOf(KeyedParts.FORMAT));
        return new StageAnswer(all);
    }

    /** In one line. */
    public String json() {
        return Json.ofMap(members).compact();
    }
}
