package dev.talosforge.config;

import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.LazyObject;
import dev.talosforge.config.hcl.NearestName;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.config.hcl.Value;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code feature} blocks: switches with a default. */
final class Features implements LazyObject {
    private final FileEvaluation file;
    private final SortedMap<String, Body.Block> blocks = new TreeMap<>();

    Features(FileEvaluation file, Body body) {
        this.file = file;
        for (Body.Block block : body.blocks("feature")) {
            if (block.labels().size() != 1) {
                throw block.header().problem("cannot use this feature", "it needs one label, its name", null);
            }
            blocks.put(block.labels().getFirst(), block);
        }
    }

    @Override
    public Value member(String name, Range at) {
        Body.Block block = blocks.get(name);
        if (block == null) {
            throw at.problem(
                    "unknown feature \"" + name + "\"",
                    "known here: " + String.join(", ", blocks.keySet()),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        Body.Attribute preset = block.body().attribute("default");
        if (preset == null) {
            throw block.header().problem("cannot use feature \"" + name + "\"", "it has no default", null);
        }
        return Value.object(new TreeMap<>(java.util.Map.of("value", file.evaluate(preset.value()))));
    }

    @Override
    public Value whole(Range at) {
        SortedMap<String, Value> members = new TreeMap<>();
        for (String name : List.copyOf(blocks.keySet())) {
            members.put(name, member(name, at));
        }
        return Value.object(members);
    }
}
