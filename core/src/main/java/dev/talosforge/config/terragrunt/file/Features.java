package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.GoBool;
import dev.talosforge.problem.NearestName;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code feature} blocks, a file's own and included ones: switches with a default that can be set from outside. */
final class Features implements LazyObject {
    private final MergedFile file;

    Features(MergedFile file) {
        this.file = file;
    }

    private SequencedMap<String, MergedBlocks> blocks() {
        return file.layers("feature");
    }

    /** A feature that is set from outside exists even without a block. */
    @Override
    public Value member(String name, Range at) {
        SequencedMap<String, MergedBlocks> blocks = blocks();
        MergedBlocks block = blocks.get(name);
        String given = file.file().run().settings().features().get(name);
        if (block == null && given == null) {
            throw at.problem(
                    "unknown feature \"" + name + "\"",
                    blocks.isEmpty()
                            ? "there are no feature blocks"
                            : "known here: " + String.join(", ", blocks.keySet()),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        SortedMap<String, Value> members = new TreeMap<>(Map.of("name", Value.of(name)));
        members.put("value", block == null ? Value.of(String.valueOf(given)) : value(name, block, given));
        return Value.object(members);
    }

    /** A feature that is set from outside is text, unless its default is true or false. */
    private static Value value(String name, MergedBlocks block, @Nullable String given) {
        Value preset = preset(name, block);
        if (given == null) {
            return preset;
        }
        if (!(preset instanceof Value.Bool)) {
            return Value.of(given);
        }
        if (!GoBool.isBool(given)) {
            throw block.header()
                    .problem(
                            "cannot set feature \"" + name + "\"",
                            "its default is %s, it was set to \"%s\"".formatted(preset.kindName(), given),
                            "set it to true or false");
        }
        return Value.of(GoBool.isTrue(given));
    }

    private static Value preset(String name, MergedBlocks block) {
        List<MergedBlocks.Found> presets = block.attributes("default");
        Value preset = block.merged("default");
        if (preset == null) {
            throw block.header().problem("cannot use feature \"" + name + "\"", "it has no default", null);
        }
        if (presets.size() > 1 && !presets.stream().allMatch(found -> found.value() instanceof Value.Mapping)) {
            throw presets.getLast()
                    .range()
                    .problem(
                            "cannot merge feature \"%s\" deeply".formatted(name),
                            "an include has one of the same name, and only objects can be merged",
                            "set it in one place only, or do not merge the include deeply");
        }
        return preset;
    }

    /**
     * With what the blocks set, for functions that read the file: their defaults, even if they are set from outside.
     */
    Value described() {
        SortedMap<String, Value> members = new TreeMap<>();
        blocks().forEach((name, block) -> {
            SortedMap<String, Value> feature = new TreeMap<>(Map.of("name", Value.of(name)));
            feature.put("default", preset(name, block));
            members.put(name, Value.object(feature));
        });
        return Value.object(members);
    }

    @Override
    public Value whole(Range at) {
        SortedMap<String, Value> members = new TreeMap<>();
        SortedSet<String> names = new TreeSet<>(blocks().keySet());
        names.addAll(file.file().run().settings().features().keySet());
        names.forEach(name -> members.put(name, member(name, at)));
        return Value.object(members);
    }
}
