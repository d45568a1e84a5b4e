package dev.talosforge.pipeline.request;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Publication;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an apply has done, as its caller keeps it: the record that is otherwise written beside a state, with the outputs and the
 * digest of its answer.
 *
 * <pre>
 *   {"format": 2, "stage": "images", …, "publication": {…}, "outputs": {"iso_name": "a.iso"}, "digest": "sha256:…"}
 * </pre>
 *
 * @param record all of it; a caller may have left out anything but the outputs
 * @param publication null if it is missing
 */
public record LastApply(
        JsonObject record,
        SequencedMap<String, Json> outputs,
        @Nullable Publication publication) {
    private static final String OUTPUTS = "outputs";
    private static final String DIGEST = "digest";

    public LastApply {
        outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
    }

    static LastApply of(
            ApplyRecord record, Publication publication, SequencedMap<String, Json> outputs, String digest) {
        JsonObject all = record.toJson(publication)
                .with(OUTPUTS, new JsonObject(outputs))
                .with(DIGEST, Json.of(digest));
        return new LastApply(all, outputs, publication);
    }

    /** Null if it has no outputs. */
    static @Nullable LastApply read(JsonObject record) {
        JsonObject outputs = record.object(OUTPUTS);
        return outputs == null
                ? null
                : new LastApply(record, outputs.members(), Publication.read(record.object("publication")));
    }

    /** Digest of the parts, as the apply answered it; empty if it is missing. */
    String digest() {
        String digest = record.text(DIGEST);
        return digest == null ? "" : digest;
    }

    /** The outputs, with the image that was published last in place of one that was not. */
    SequencedMap<String, Json> published() {
        return Publication.asPublished(outputs, publication);
    }
}
