package dev.talosforge.pipeline.lock;

import dev.talosforge.pipeline.inputs.SourcesReader;
import dev.talosforge.pipeline.pin.LockFile;
import dev.talosforge.pipeline.pin.LockFile.Match;
import dev.talosforge.pipeline.pin.Pin;
import dev.talosforge.pipeline.pin.UnitReferences.Use;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The inputs of a tree with their digests, as lines for its units. */
final class LockedHcl {
    private LockedHcl() {}

    static List<String> lines(List<Use> uses, LockFile lock) {
        SequencedMap<String, SequencedMap<String, List<Use>>> units = new LinkedHashMap<>();
        for (Use use : uses) {
            units.computeIfAbsent(use.unit(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(use.input(), _ -> new ArrayList<>())
                    .add(use);
        }
        List<String> lines = new ArrayList<>();
        units.forEach((unit, inputs) -> {
            lines.add("# " + unit);
            inputs.forEach((input, ofInput) -> {
                if (input.endsWith("_extensions")) {
                    lines.add(input + " = [");
                    ofInput.forEach(use -> lines.add("  " + text(use, lock) + "," + comment(use)));
                    lines.add("]");
                } else if (input.startsWith(SourcesReader.NAME)) {
                    lines.add("image = %s # %s".formatted(text(ofInput.getFirst(), lock), input));
                } else {
                    lines.add(input + " = " + text(ofInput.getFirst(), lock) + comment(ofInput.getFirst()));
                }
            });
        });
        return lines;
    }

    private static String text(Use use, LockFile lock) {
        if (lock.find(use.key()) instanceof Match.Same(Pin pin)) {
            return "\"" + pin.image() + "\"";
        }
        throw new IllegalStateException("not locked: " + use.key());
    }

    private static String comment(Use use) {
        return use.key().named() ? " # " + use.key().written() : "";
    }
}
