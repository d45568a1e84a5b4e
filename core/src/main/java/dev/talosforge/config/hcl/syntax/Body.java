package dev.talosforge.config.hcl.syntax;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file or of a block's braces. HCL native syntax, "Bodies".
 *
 * @param attributes by name, in the order of the file
 * @param blocks in the order of the file
 */
public record Body(SequencedMap<String, Attribute> attributes, List<Block> blocks, Range range) {
    public Body {
        attributes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(attributes));
        blocks = List.copyOf(blocks);
    }

    /** {@code name = value}. */
    public record Attribute(String name, Expression value, Range nameRange) {}

    /**
     * {@code type "label" { … }}.
     *
     * @param header the type with its labels
     */
    public record Block(String type, List<String> labels, Body body, Range header) {
        public Block {
            labels = List.copyOf(labels);
        }
    }

    public @Nullable Attribute attribute(String name) {
        return attributes.get(name);
    }

    public List<Block> blocks(String type) {
        return blocks.stream().filter(block -> block.type().equals(type)).toList();
    }
}
