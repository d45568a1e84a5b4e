package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.extension.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where a source goes, in the notation of records: any other would show a change for every source with a place. */
final class PlacementText {
    private PlacementText() {}

    /**
     * Empty if it is the default.
     *
     * @param pruned whether it is pruned by default
     */
    static String of(Placement placement, boolean pruned) {
        List<String> parts = new ArrayList<>();
        if (placement.to() != null) {
            parts.add("to /" + placement.to());
        }
        if (!placement.from().isEmpty()) {
            parts.add("from /" + placement.from());
        }
        if (!placement.include().isEmpty()) {
            parts.add("include " + placement.include());
        }
        if (!placement.exclude().isEmpty()) {
            parts.add("exclude " + placement.exclude());
        }
        for (Map.Entry<?, Integer> mode : placement.modes().entrySet()) {
            parts.add("%s mode %04o".formatted(mode.getKey(), Objects.requireNonNull(mode.getValue())));
        }
        placement
                .owners()
                .forEach((pattern, owner) -> parts.add("%s owner %d:%d".formatted(pattern, owner.uid(), owner.gid())));
        if (placement.prune() != pruned) {
            parts.add(pruned ? "not pruned" : "pruned");
        }
        return String.join(", ", parts);
    }
}
