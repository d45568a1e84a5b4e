package dev.talosforge.pipeline;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit as graphs and listings show it.
 *
 * @param name its folder, from the folder that was asked about, {@code /}-separated
 * @param module the last segment of {@code terraform.source}; null where there is none
 * @param ours whether the module is one of our stages
 * @param needs names of the units it depends on
 * @param mocked names of its dependencies whose outputs are mock values
 * @param notes what was read and left alone
 */
public record UnitView(
        String name,
        @Nullable String module,
        boolean ours,
        List<String> needs,
        List<String> mocked,
        List<String> notes,
        JsonObject inputs) {
    public UnitView {
        needs = List.copyOf(needs);
        mocked = List.copyOf(mocked);
        notes = List.copyOf(notes);
    }

    public JsonObject toJson() {
        return Json.object()
                .put("unit", name)
                .putIfPresent("module", module)
                .put("ours", ours)
                .put("needs", Json.ofTexts(needs))
                .put("mocked", Json.ofTexts(mocked))
                .put("inputs", inputs)
                .build();
    }
}
