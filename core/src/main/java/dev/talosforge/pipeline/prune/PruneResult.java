package dev.talosforge.pipeline.prune;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Files of ours on Proxmox storages, and what happens to them.
 *
 * @param others how many files that are not ours were left alone
 */
public record PruneResult(List<Item> items, int others) {
    public PruneResult {
        items = List.copyOf(items);
    }

    /** What happens to a file. */
    public enum Fate {
        KEPT,
        /** Would be deleted. */
        UNUSED,
        DELETED
    }

    /**
     * One file.
     *
     * @param unit that uploads to the storage
     * @param created seconds since the epoch by the server's clock
     * @param why in words
     */
    public record Item(
            String unit, String volumeId, List<String> nodes, long size, long created, Fate fate, String why) {
        Item with(Fate other, String because) {
            return new Item(unit, volumeId, nodes, size, created, other, because);
        }

        private Json toJson() {
            return Json.object()
                    .put("unit", unit)
                    .put("volume", volumeId)
                    .put("nodes", Json.ofTexts(nodes))
                    .put("size", size)
                    .put("created", Instant.ofEpochSecond(created).toString())
                    .put(
                            "action",
                            fate == Fate.UNUSED ? "would_delete" : fate.name().toLowerCase(Locale.ROOT))
                    .put("reason", why)
                    .build();
        }
    }

    /** For scripts. */
    public JsonObject toJson() {
        return Json.object()
                .put("files", Json.array(items, Item::toJson))
                .put("unmanaged_count", others)
                .build();
    }
}
