package dev.talosforge.config;

import dev.talosforge.config.hcl.LazyObject;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.config.hcl.Type;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.NearestName;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code feature} blocks, a file's own and included ones: switches with a default that can be set from outside. */
final class Features implements LazyObject {
    private final FileEvaluation file;

    Features(FileEvaluation file) {
        this.file = file;
    }

    private SequencedMap<String, Layers> blocks() {
        return file.includes().layers("feature");
    }

    @Override
    public Value member(String name, Range at) {
        SequencedMap<String, Layers> blocks = blocks();
        Layers block = blocks.get(name);
        if (block == null) {
            throw at.problem(
                    "unknown feature \"" + name + "\"",
                    blocks.isEmpty()
                            ? "there are no feature blocks"
                            : "known here: " + String.join(", ", blocks.keySet()),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        SortedMap<String, Value> members = new TreeMap<>(Map.of("name", Value.of(name)));
        members.put("value", value(name, block));
        return Value.object(members);
    }

    /** What is set from outside is text; it becomes what the default is. */
    private Value value(String name, Layers block) {
        Value preset = block.merged("default");
        if (preset == null) {
            throw block.header().problem("cannot use feature \"" + name + "\"", "it has no default", null);
        }
        String given = file.run().settings().features().get(name);
        if (given == null) {
            return preset;
        }
        Value converted = switch (preset) {
            case Value.Bool _ -> Type.Simple.BOOL.convert(Value.of(given));
            case Value.Decimal _ -> Type.Simple.NUMBER.convert(Value.of(given));
            default -> Value.of(given);
        };
        if (converted == null) {
            throw block.header()
                    .problem(
                            "cannot set feature \"" + name + "\"",
                            "its default is %s, it was set to \"%s\"".formatted(preset.kindName(), given),
                            preset instanceof Value.Bool ? "set it to true or false" : "set it to a number");
        }
        return converted;
    }

    @Override
    public Value whole(Range at) {
        SortedMap<String, Value> members = new TreeMap<>();
        for (String name : blocks().keySet()) {
            members.put(name, member(name, at));
        }
        return Value.object(members);
    }
}
