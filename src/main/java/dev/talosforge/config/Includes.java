package dev.talosforge.config;

import dev.talosforge.config.hcl.Arguments;
import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.FunctionFailure;
import dev.talosforge.config.hcl.LazyObject;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The {@code include} blocks of a file. What they include is merged into the file; exposed ones can be asked. */
final class Includes implements LazyObject {
    /** How an included file's settings meet those of the file. */
    private enum Strategy {
        NO_MERGE,
        SHALLOW,
        DEEP
    }

    private final FileEvaluation file;
    private final SequencedMap<String, Body.Block> blocks = new LinkedHashMap<>();
    private final SortedMap<String, FileEvaluation> evaluations = new TreeMap<>();
    private final SortedMap<String, SequencedMap<String, Layers>> layers = new TreeMap<>();
    private @Nullable FileEvaluation over;
    private boolean overRead;

    Includes(FileEvaluation file, Body body) {
        this.file = file;
        for (Body.Block block : body.blocks("include")) {
            String name = block.labels().isEmpty() ? "" : block.labels().getFirst();
            if (blocks.putIfAbsent(name, block) != null) {
                throw block.header().problem("cannot include twice", "another include has the same name", null);
            }
            if (file.context().includedFrom() != null) {
                throw block.header()
                        .problem(
                                "cannot include from here", "this file is included itself; one level is allowed", null);
            }
        }
    }

    /** The files, in the order of the blocks. */
    List<Path> files() {
        return blocks.keySet().stream().map(this::file).toList();
    }

    /** The file that a call with the name of an include, or without one, means; null when there is none. */
    @Nullable
    Path file(Arguments arguments) {
        if (blocks.size() < 2) {
            return blocks.isEmpty() ? null : file(blocks.firstEntry().getKey());
        }
        if (arguments.size() == 0) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    -1,
                    "there are several includes: " + String.join(", ", blocks.keySet()),
                    "name one of them as an argument");
        }
        String name = arguments.text(0);
        if (!blocks.containsKey(name)) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    0,
                    "there is no include \"%s\", only %s".formatted(name, String.join(", ", blocks.keySet())),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        return file(name);
    }

    private Path file(String name) {
        Body.Block block = block(name);
        Body.Attribute attribute = block.body().attribute("path");
        if (attribute == null) {
            throw block.header().problem("cannot include", "the block has no path", null);
        }
        Value value = file.evaluateFirst(attribute.value());
        if (!(value instanceof Value.Text(String text))) {
            throw attribute
                    .value()
                    .range()
                    .problem("cannot include this", "a path was expected, it is " + value.kindName(), null);
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

    private Body.Block block(String name) {
        Body.Block block = blocks.get(name);
        if (block == null) {
            throw new IllegalStateException("no include " + name);
        }
        return block;
    }

    private FileEvaluation evaluation(String name) {
        FileEvaluation known = evaluations.get(name);
        if (known == null) {
            Path path = file(name);
            Range at = block(name).header();
            known = file.run()
                    .within(
                            path,
                            at,
                            () -> new FileEvaluation(file.run(), file.context().including(path), file));
            evaluations.put(name, known);
        }
        return known;
    }

    private Strategy strategy(Body.Block block) {
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

    /** What is merged, in the order of the blocks. */
    List<FileEvaluation> merged() {
        List<FileEvaluation> merged = new ArrayList<>();
        blocks.forEach((name, block) -> {
            if (strategy(block) != Strategy.NO_MERGE) {
                merged.add(evaluation(name));
            }
        });
        return merged;
    }

    /**
     * What a stack puts over the file, as a unit's {@code terragrunt.autoinclude.hcl} or before that is written; null
     * where it does not.
     */
    @Nullable
    FileEvaluation over() {
        if (!overRead) {
            overRead = true;
            over = readOver();
        }
        return over;
    }

    private @Nullable FileEvaluation readOver() {
        Context context = file.context();
        Path written = context.directory().resolve(Component.Kind.UNIT.autoInclude());
        if (context.includedFrom() != null || context.file().equals(written)) {
            return null;
        }
        Context beside = new Context(written, context.directory(), context.original(), null);
        Component component = file.run().seen().component(context.directory());
        if (component != null
                && component.kind() == Component.Kind.UNIT
                && component.source() != null
                && component.added() != null) {
            return FileEvaluation.over(file.run(), beside, file, component.added());
        }
        return file.run().seen().isFile(written) ? new FileEvaluation(file.run(), beside, file) : null;
    }

    /** All files whose settings meet in this one, the one that wins first. */
    List<FileEvaluation> topDown() {
        FileEvaluation above = over();
        List<FileEvaluation> files = new ArrayList<>();
        if (above != null) {
            files.addAll(above.includes().topDown());
        }
        files.add(file);
        files.addAll(merged().reversed());
        return files;
    }

    /**
     * The inputs over those of the included files. An include that comes later wins over one before; how it meets what
     * comes behind it is its own strategy.
     */
    SortedMap<String, Value> mergedInputs(SortedMap<String, Value> own) {
        SortedMap<String, Value> merged = own;
        for (String name : blocks.reversed().keySet()) {
            Strategy strategy = strategy(block(name));
            if (strategy != Strategy.NO_MERGE) {
                merged = Merge.inputs(evaluation(name).inputs(), merged, strategy == Strategy.DEEP);
            }
        }
        FileEvaluation above = over();
        return above == null ? merged : Merge.inputs(merged, above.inputs(), false);
    }

    /** Blocks of one type by label, the file's own and those that are merged into it; its own come first. */
    SequencedMap<String, Layers> layers(String type) {
        SequencedMap<String, Layers> known = layers.get(type);
        if (known == null) {
            known = merged(type);
            layers.put(type, known);
        }
        return known;
    }

    private SequencedMap<String, Layers> merged(String type) {
        FileEvaluation winner = over();
        SequencedMap<String, Layers> merged = winner == null
                ? new LinkedHashMap<>()
                : new LinkedHashMap<>(winner.includes().layers(type));
        Syntax.byLabel(file.body(), type).forEach((label, block) -> merged.putIfAbsent(label, Layers.of(file, block)));
        for (String name : blocks.reversed().keySet()) {
            Strategy strategy = strategy(block(name));
            if (strategy != Strategy.NO_MERGE) {
                evaluation(name)
                        .includes()
                        .layers(type)
                        .forEach((label, lower) -> merged.merge(
                                label, lower, (above, _) -> strategy == Strategy.DEEP ? above.above(lower) : above));
            }
        }
        return merged;
    }

    @Nullable
    String source() {
        return merged().reversed().stream()
                .map(FileEvaluation::source)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Nullable
    RemoteState remoteState() {
        return merged().reversed().stream()
                .map(FileEvaluation::remoteState)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private boolean exposes(String name) {
        Body.Attribute expose = block(name).body().attribute("expose");
        return expose != null && Value.of(true).equals(file.evaluateFirst(expose.value()));
    }

    private FileEvaluation exposed(String name, Range at) {
        if (!blocks.containsKey(name)) {
            throw at.problem(
                    "unknown include \"" + name + "\"",
                    blocks.isEmpty()
                            ? "there are no include blocks"
                            : "known here: " + String.join(", ", blocks.keySet()),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        if (!exposes(name)) {
            throw at.problem(
                    "cannot use include \"" + name + "\" in an expression",
                    "it is not exposed",
                    "write into the include block: expose = true");
        }
        return evaluation(name);
    }

    /** An include without a name that is the only one stands for itself. */
    private boolean unnamed() {
        return blocks.size() == 1 && blocks.containsKey("");
    }

    @Override
    public Value member(String name, Range at) {
        return unnamed() ? exposed("", at).member(name, at) : exposed(name, at).whole(at);
    }

    @Override
    public LazyObject nested(String name, Range at) {
        if (unnamed()) {
            FileEvaluation only = exposed("", at);
            LazyObject nested = only.nested(name, at);
            return nested != null ? nested : new Part(only, name);
        }
        return exposed(name, at);
    }

    /** A part of an included file that is evaluated as a whole. */
    private record Part(FileEvaluation owner, String name) implements LazyObject {
        @Override
        public Value member(String wanted, Range at) {
            if (whole(at) instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
                Value member = members.get(wanted);
                if (member != null) {
                    return member;
                }
                throw at.problem(
                        "unknown attribute \"" + wanted + "\"",
                        "known here: " + String.join(", ", members.keySet()),
                        NearestName.suggestion(wanted, members.keySet()));
            }
            throw at.problem("unknown attribute \"" + wanted + "\"", "the file has no " + name, null);
        }

        @Override
        public Value whole(Range at) {
            return owner.member(name, at);
        }
    }

    @Override
    public Value whole(Range at) {
        if (unnamed()) {
            return exposed("", at).whole(at);
        }
        SortedMap<String, Value> members = new TreeMap<>();
        for (String name : blocks.keySet()) {
            if (exposes(name)) {
                members.put(name, member(name, at));
            }
        }
        return Value.object(members);
    }
}
