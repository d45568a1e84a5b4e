package dev.talosforge.pipeline.module;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.state.MovedState;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was done.
 *
 * @param moved states that may no longer be where they were
 * @param notes what else has to be changed before Terragrunt can run the units
 */
public record ModuleResult(List<Written> modules, List<MovedState> moved, List<String> notes) {
    public ModuleResult {
        modules = List.copyOf(modules);
        moved = List.copyOf(moved);
        notes = List.copyOf(notes);
    }

    /**
     * One module.
     *
     * @param folder absolute
     * @param backend the type of its backend block; null if it has none
     * @param files all of ours in it, by name
     * @param written those that were new or different
     * @param removed those of an earlier version that it no longer has
     */
    public record Written(
            StageModule module,
            Path folder,
            @Nullable String backend,
            List<String> files,
            List<String> written,
            List<String> removed) {
        public Written {
            files = List.copyOf(files);
            written = List.copyOf(written);
            removed = List.copyOf(removed);
        }

        /** Whether everything was there already. */
        public boolean unchanged() {
            return written.isEmpty() && removed.isEmpty();
        }
    }

    public JsonObject toJson() {
        return Json.object()
                .put("modules", Json.array(modules, ModuleResult::json))
                .put("moved", Json.array(moved, ModuleResult::json))
                .put("notes", Json.ofTexts(notes))
                .build();
    }

    private static Json json(MovedState one) {
        return Json.object()
                .put("from", one.from().toString())
                .put("to", one.to().toString())
                .put("kept", one.kept().toString())
                .build();
    }

    private static Json json(Written one) {
        return Json.object()
                .put("module", one.module().module())
                .put("directory", one.folder().toString())
                .put("backend", one.backend() == null ? Json.ofNull() : Json.of(one.backend()))
                .put("files", Json.ofTexts(one.files()))
                .put("written", Json.ofTexts(one.written()))
                .put("removed", Json.ofTexts(one.removed()))
                .build();
    }
}
