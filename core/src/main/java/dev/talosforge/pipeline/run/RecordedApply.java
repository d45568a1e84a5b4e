package dev.talosforge.pipeline.run;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Publication;
import dev.talosforge.provenance.ReadRecord;
import dev.talosforge.state.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a unit's last apply, in either way: this program records it beside the unit's state, our Terraform
 * modules in it.
 *
 * @param state where the outputs are
 * @param outputs empty if nothing was applied
 * @param record what they were made of; null if that is unknown
 * @param damage why the record cannot be read; null if it can
 */
public record RecordedApply(
        Path state,
        SequencedMap<String, Json> outputs,
        @Nullable ApplyRecord record,
        @Nullable String damage) {
    public RecordedApply {
        outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
    }

    /**
     * Reads it.
     *
     * @param own the unit's own state, beside which this program records an apply
     * @param latest the state with the unit's outputs, which may be a later copy in Terragrunt's cache
     */
    static RecordedApply of(Path own, StateFile latest) throws IOException {
        ReadRecord beside = ReadRecord.beside(own);
        StateFile.LastApply state = latest.lastApply();
        SequencedMap<String, Json> outputs = state.outputs();
        JsonObject module = state.moduleRecord();
        JsonObject made = module == null ? null : module.object("outputs");
        if (module == null || made == null || isOf(outputs, beside.record())) {
            return new RecordedApply(latest.path(), outputs, beside.record(), beside.damage());
        }
        ReadRecord kept = ReadRecord.of(module, "the record of the last apply in " + latest.path());
        return new RecordedApply(latest.path(), made.members(), kept.record(), kept.damage());
    }

    /** Whether this program recorded the outputs: a module that was applied later has left others. */
    private static boolean isOf(SequencedMap<String, Json> outputs, @Nullable ApplyRecord record) {
        Publication publication = record == null ? null : record.publication();
        return publication != null && publication.isOf(outputs);
    }
}
