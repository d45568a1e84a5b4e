package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.functions.TerragruntFunctions;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code include} blocks of a file: which files they name, and how those are merged. */
final class IncludeBlocks {
    /** How an included file's settings are merged with those of the file. */
    enum Strategy {
        NO_MERGE,
        SHALLOW,
        DEEP
    }

    private final FileScope file;
    /** All of them are merged, even if two have one name. */
    private final List<Body.Block> all = new ArrayList<>();
    /** By name; the last one of each name. */
    private final SequencedMap<String, Body.Block> blocks = new LinkedHashMap<>();

    IncludeBlocks(FileScope file) {
        this.file = file;
        for (Body.Block block : file.body().blocks("include")) {
            String name = block.labels().isEmpty() ? "" : block.labels().getFirst();
            all.add(block);
            if (blocks.put(name, block) != null && name.isEmpty()) {
                throw block.header()
                        .problem("cannot include twice", "another include has no name either", "give each a name");
            }
            if (file.context().includedFrom() != null) {
                throw block.header()
                        .problem(
                                "cannot include from here", "this file is included itself; one level is allowed", null);
            }
        }
    }

    /** The blocks in their order. */
    List<Body.Block> all() {
        return all;
    }

    Set<String> names() {
        return blocks.keySet();
    }

    Body.Block block(String name) {
        Body.Block block = blocks.get(name);
        if (block == null) {
            throw new IllegalStateException("no include " + name);
        }
        return block;
    }

    /** The files, in the order of the blocks. */
    List<Path> files() {
        return all.stream().map(this::file).toList();
    }

    /** The file that a call means, with or without the name of an include; null if there is none. */
    @Nullable
    Path file(Arguments arguments) {
        if (blocks.size() < 2) {
            return blocks.isEmpty() ? null : file(blocks.firstEntry().getValue());
        }
        if (arguments.size() == 0) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    -1,
                    "there are several includes: " + String.join(", ", blocks.keySet()),
                    "name one of them as an argument");
        }
        String name = arguments.text(0);
        Body.Block block = blocks.get(name);
        if (block == null) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    0,
                    "there is no include \"%s\", only %s".formatted(name, String.join(", ", blocks.keySet())),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        return file(block);
    }

    Path file(Body.Block block) {
        Body.Attribute attribute = block.body().attribute("path");
        if (attribute == null) {
            throw block.header().problem("cannot include", "the block has no path", null);
        }
        Value value = file.evaluateFirst(attribute.value());
        if (!(value instanceof Value.Text(String text))) {
            throw attribute
                    .value()
                    .range()
                    .problem("cannot include this", "expected a path, found " + value.kindName(), null);
        }
        Path path = TerragruntFunctions.path(
                file.context().directory(), text, attribute.value().range());
        if (!file.run().seen().isFile(path)) {
            throw attribute
                    .value()
                    .range()
                    .problem(
                            "cannot include this",
                            "there is no file " + file.run().shown(path),
                            null);
        }
        return path;
    }

    Strategy strategy(Body.Block block) {
        Body.Attribute attribute = block.body().attribute("merge_strategy");
        if (attribute == null) {
            return Strategy.SHALLOW;
        }
        Value value = file.evaluateFirst(attribute.value());
        return switch (value instanceof Value.Text(String text) ? text : "") {
            case "no_merge" -> Strategy.NO_MERGE;
            case "shallow" -> Strategy.SHALLOW;
            case "deep" -> Strategy.DEEP;
            default ->
                throw attribute
                        .value()
                        .range()
                        .problem("cannot merge like this", "merge_strategy is one of no_merge, shallow, deep", null);
        };
    }

    boolean exposes(String name) {
        Body.Attribute expose = block(name).body().attribute("expose");
        return expose != null && Value.of(true).equals(file.evaluateFirst(expose.value()));
    }
}
