package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.Merge;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block together with the blocks of the same name in included files that are deeply merged into it.
 *
 * @param blocks the lowest first: later ones win
 */
public record MergedBlocks(List<Layer> blocks) {
    /** A block and the file that contains it, in which it is evaluated. */
    public record Layer(FileScope file, Body.Block block) {}

    /** An attribute and the file that contains it. */
    record Found(FileScope file, Body.Attribute attribute) {
        Value value() {
            return file.evaluate(expression());
        }

        Expression expression() {
            return attribute.value();
        }

        Range range() {
            return attribute.value().range();
        }
    }

    public MergedBlocks {
        blocks = List.copyOf(blocks);
    }

    static MergedBlocks of(FileScope file, Body.Block block) {
        return new MergedBlocks(List.of(new Layer(file, block)));
    }

    MergedBlocks above(MergedBlocks lower) {
        List<Layer> both = new ArrayList<>(lower.blocks);
        both.addAll(blocks);
        return new MergedBlocks(both);
    }

    /** Without those that are merged into the lowest one. */
    MergedBlocks lowest() {
        return new MergedBlocks(List.of(blocks.getFirst()));
    }

    /** The header of the block that wins. */
    Range header() {
        return blocks.getLast().block().header();
    }

    /** The attribute that wins, or null. */
    @Nullable
    Found attribute(String name) {
        List<Found> all = attributes(name);
        return all.isEmpty() ? null : all.getLast();
    }

    /** The attribute in every block that has it, the lowest first. */
    List<Found> attributes(String name) {
        List<Found> found = new ArrayList<>();
        for (Layer layer : blocks) {
            Body.Attribute attribute = layer.block().body().attribute(name);
            if (attribute != null) {
                found.add(new Found(layer.file(), attribute));
            }
        }
        return found;
    }

    /** Its values, merged: objects member by member, lists concatenated; null if there are none. */
    @Nullable
    Value merged(String name) {
        Value merged = null;
        for (Found found : attributes(name)) {
            Value value = found.value();
            try {
                merged = merged == null ? value : Merge.deep(name, merged, value, true);
            } catch (Merge.Mismatch e) {
                throw e.problem(found.range(), "cannot merge " + name);
            }
        }
        return merged;
    }

    boolean is(String name, boolean wanted) {
        Found found = attribute(name);
        return found != null && Value.of(wanted).equals(found.value());
    }
}
